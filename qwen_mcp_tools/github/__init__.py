"""GitHub: files, directories, projects and code, read like a checkout."""
