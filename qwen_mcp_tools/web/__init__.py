"""Getting a page of the web: the address, robots.txt, the fetch, what is wrong, and its parts."""
