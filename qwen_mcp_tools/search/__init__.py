"""Finding pages: one file an engine, and the order in which they are asked."""
