"""`python -m qwen_mcp_tools` and the installed command."""

import os
import sys

from qwen_mcp_tools.prelude import converse


def main() -> int:
    """Run the command line and return its exit status."""
    heard = converse(sys.argv[1:], os.environ)
    if heard is None:
        return 0
    from qwen_mcp_tools.cli import run

    return run(sys.argv[1:], *heard)


if __name__ == "__main__":
    sys.exit(main())
