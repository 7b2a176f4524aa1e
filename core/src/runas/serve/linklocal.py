"""169.254.169.254 on this machine: added with root rights, served without them, always removed.

The process with root rights only waits: it opens the port, starts a second process that gives the
rights up and serves, and takes the address away when that has ended, however it did. When the
first is killed, the second notices and ends too.
"""

from __future__ import annotations

import os
import sys

from runas.errors import ConfigurationError, ServiceUnavailable, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = "169.254.169.254"
PORT = 80
_HOPS = 1  # as EC2's own answers: nothing behind a router gets them

if sys.platform == "win32":

    def serve_there(serve: Callable[[int], int]) -> int:
        """Say what to do instead."""
        raise UsageError(f"{ADDRESS} cannot be served on Windows", "choose a port with -p")

else:
    import fcntl
    import pwd
    import signal
    import socket
    import struct
    import subprocess
    import threading

    from .ports import listen

    # Linux, <linux/sockios.h> and <net/if.h>; see netdevice(7). An alias has a label of its own, by
    # which an address that a killed runas left behind is known to be ours.
    _ALIAS = b"lo:runas"
    _SET_ADDRESS, _SET_MASK = 0x8916, 0x891C
    _GET_FLAGS, _SET_FLAGS = 0x8913, 0x8914
    _UP = 1
    _FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def serve_there(serve: Callable[[int], int]) -> int:
        """Run *serve* with a socket that listens on the address; return its exit status."""
        if os.geteuid() != 0:
            raise UsageError(
                f"{ADDRESS} needs root rights", "run it with sudo, or choose a port with -p"
            )
        _add()
        guardian = os.getpid()
        try:
            with listen(ADDRESS, PORT, _HOPS) as listening:
                return _guard(listening, serve)
        finally:
            if os.getpid() == guardian:
                _remove()

    def _guard(listening: socket.socket, serve: Callable[[int], int]) -> int:
        """Serve in a process without rights; wait for it, and pass signals on."""
        alive, held = os.pipe()
        for number in _FORWARDED:  # none is lost between the fork and the wait
            signal.pthread_sigmask(signal.SIG_BLOCK, (number,))
        pid = os.fork()
        if pid == 0:
            os.close(held)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
            _drop()
            threading.Thread(target=_end_with, args=(alive,), daemon=True).start()
            return serve(listening.detach())
        os.close(alive)
        listening.close()

        def pass_on(number: int, frame: object) -> None:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return  # it has ended meanwhile

        for number in _FORWARDED:
            signal.signal(number, pass_on)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (number,))
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code

    def _end_with(alive: int) -> None:
        """End when the process with the rights has: nobody else can take the address away."""
        os.read(alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _drop() -> None:
        """Become the user who called sudo, for good; root itself stays root."""
        user, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
        if not (user.isdecimal() and group.isdecimal()) or int(user) == 0:
            return
        try:
            person = pwd.getpwuid(int(user))
        except KeyError:
            raise ConfigurationError(f"$SUDO_UID is {user}, which is no user's") from None
        os.initgroups(person.pw_name, int(group))
        os.setgid(int(group))
        os.setuid(int(user))
        os.environ.update(HOME=person.pw_dir, USER=person.pw_name, LOGNAME=person.pw_name)

    if sys.platform == "linux":

        def _add() -> None:
            _remove()
            try:
                _control(_SET_ADDRESS, _address(ADDRESS))
                _control(_SET_MASK, _address("255.255.255.255"))
            except OSError as error:
                raise _refused(error.strerror) from error

        def _remove() -> None:
            try:
                flags = struct.unpack_from("h", _control(_GET_FLAGS, bytes(16)), 16)[0]
                _control(_SET_FLAGS, struct.pack("h14x", flags & ~_UP))
            except OSError:
                return  # it is not there

        def _control(request: int, value: bytes) -> bytes:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
                asked = struct.pack("16s24s", _ALIAS, value)
                return fcntl.ioctl(any_socket, request, asked)

        def _address(text: str) -> bytes:
            return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))

    else:

        def _add() -> None:
            _ifconfig("alias", f"{ADDRESS}/32", check=True)

        def _remove() -> None:
            _ifconfig("-alias", ADDRESS, check=False)

        def _ifconfig(*words: str, check: bool) -> None:
            argv = ["/sbin/ifconfig", "lo0", *words]
            try:
                subprocess.run(argv, check=check, capture_output=True, timeout=10)
            except (OSError, subprocess.SubprocessError) as error:
                raise _refused(str(error)) from error

    def _refused(reason: str | None) -> ServiceUnavailable:
        return ServiceUnavailable(
            f"cannot add the address {ADDRESS}: {reason}", "choose a port with -p"
        )
