"""Listen on a fixed port of the loopback interface, or say who does already."""

from __future__ import annotations

import errno
import os
import socket
import sys

from runas.errors import ServiceUnavailable, UsageError

_QUEUE = 4096  # clients waiting while others are answered; the kernel may allow fewer
_LISTENING = "0A"  # TCP_LISTEN of Linux's <net/tcp_states.h>, in /proc/net/tcp


def listen(host: str, port: int, hops: int = 0) -> socket.socket:
    """Return a listening socket; raises ServiceUnavailable where the port is taken.

    *hops* is how many routers an answer survives; 0 leaves that to the system.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # what an earlier server left behind is no hindrance
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hops:  # accepted connections inherit it
            made.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hops)
        made.bind((host, port))
        made.listen(_QUEUE)
    except (OSError, OverflowError) as error:
        made.close()
        raise _explained(host, port, error) from error
    return made


def _explained(host: str, port: int, error: Exception) -> Exception:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        who = _holder(port)
        by = f" by {who}" if who else ""
        return ServiceUnavailable(
            f"port {port} of {host} is in use{by}",
            "end that, or choose another port with -p" if who else f"{_how(port)} shows by whom",
        )
    if number == errno.EACCES:
        return UsageError(f"port {port} needs root rights", "choose one above 1023 with -p")
    reason = getattr(error, "strerror", None) or "no such port"
    return UsageError(f"cannot listen on {host}, port {port}: {reason}", "choose another with -p")


def _how(port: int) -> str:
    if sys.platform == "win32":
        command = f"netstat -ano | findstr :{port}"
    else:
        command = f"lsof -nP -iTCP:{port} -sTCP:LISTEN"
    return f"'{command}'"


def _holder(port: int) -> str:
    """Name the process that listens on a port, where this system and our rights tell."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    if not sockets:
        return ""
    for pid in filter(str.isdigit, _listed("/proc")):
        for handle in _listed(f"/proc/{pid}/fd"):
            try:
                if os.readlink(f"/proc/{pid}/fd/{handle}") in sockets:
                    return f"process {pid} ({_named(pid)})"
            except OSError:
                continue
    return ""


def _inodes(port: int) -> list[str]:
    """Return the sockets that listen on a port. Source: proc(5), /proc/net/tcp."""
    try:
        with open("/proc/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table][1:]
    except OSError:
        return []
    return [row[9] for row in rows if row[3] == _LISTENING and row[1].endswith(f":{port:04X}")]


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _named(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return "".join(c for c in file.read().strip() if c.isprintable())
    except OSError:
        return "?"
