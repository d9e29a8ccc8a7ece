"""Finding code: GitHub's own search, and the engines that know patterns or need no token."""
