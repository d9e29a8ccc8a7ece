"""`python -m qwen_mcp_tools` and the installed command."""

import sys


def main() -> int:
    """Run the command line and return its exit status."""
    from qwen_mcp_tools.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
