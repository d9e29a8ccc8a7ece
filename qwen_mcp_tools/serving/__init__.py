"""How the server is reached: one module a transport."""
