"""The one MCP server that a coding agent on a Qwen Coding Plan key is missing."""
