"""GitHub's REST API: PyGithub in threads, on our own wire, within GitHub's limits."""
