"""Where the HTTP side listens, and whether others than this machine can connect there."""

import ipaddress
import socket

from qwen_mcp_tools.errors import SettingError


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port`; 0 lets the system choose one.

    Raises:
        SettingError: The address can't be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host.strip("[]"), port), family=family, backlog=1024)
    except OSError as error:
        reason = error.strerror or "no such address"
        raise SettingError(f"can't listen on {host}:{port} ({reason}); choose another") from error
    # Sockets inherit it from their listener; without it a small answer waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def is_loopback(host: str) -> bool:
    """Say whether `host` (a name or an address to listen on) is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
