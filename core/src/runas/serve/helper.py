"""Obtain credentials through a short-lived runas, so that boto3 never lives in a waiting parent."""

from __future__ import annotations

import os

from runas._credentials import Credentials
from runas.errors import PluginError, RunasError
from runas.launch.supervise import Child

from .pipe import rest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .background import Background

_PERSON_NEEDED = 75  # InteractionRequired
_CANCELLED = 130


class HelperFailed(RunasError):
    """The helper ended without credentials; ``status`` is its exit status.

    ``said`` tells whether it has told the person why, so that nobody needs to say it again.
    """

    def __init__(self, status: int, fact: str, said: bool) -> None:
        super().__init__(fact)
        self.status = status
        self.said = said


class Helper:
    """One ``runas ... -O json PROFILE``, run as often as credentials are wanted."""

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], stdin: bool = False
    ) -> None:
        self._argv = list(argv)
        self._environ = dict(environ)
        self._stdin = stdin
        self._background: Background | None = None
        self._cancelled = False

    def obtain(self) -> Credentials:
        """Log in now, before the eyes of the person: from the main thread, no command running.

        The helper may ask on the terminal, and its complaints are shown. A signal sent to this
        process ends it. Raises HelperFailed.
        """
        reading, writing = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            stdin = None if self._stdin else nothing
            child = Child.start(self._argv, self._environ, stdin=stdin, stdout=writing)
            os.close(writing)
            writing = -1
            status = child.wait()
            child.release()
            output = rest(reading)
        finally:
            for handle in (reading, writing, nothing):
                if handle >= 0:
                    os.close(handle)
        if status != 0:
            raise HelperFailed(status, "the credentials could not be obtained", said=True)
        return parse(output)

    def renew(self) -> Credentials:
        """Log in again behind a running command; from any thread.

        Quietly first, with nobody to ask. Where a person is needed and the terminal is ours to use,
        once more with the terminal. Raises HelperFailed.
        """
        from .background import Background, terminal_is_ours

        self._background = background = Background()
        status, output, complaint = _CANCELLED, b"", "cancelled"
        if not self._cancelled:
            alone = {**self._environ, "RUNAS_NO_INPUT": "1"}
            status, output, complaint = background.run(self._argv, alone, quiet=True)
        if status == _PERSON_NEEDED and terminal_is_ours():
            status, output, _ = background.run(self._argv, self._environ, quiet=False)
        if status != 0:
            raise HelperFailed(status, complaint or f"the login ended with {status}", said=False)
        return parse(output)

    def cancel(self) -> None:
        """End a renewal that is running; none starts after this."""
        self._cancelled = True
        if self._background is not None:
            self._background.cancel()


def parse(output: bytes) -> Credentials:
    """Read a ``credential_process`` document.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    """
    import json

    from runas.formats import seconds_of

    try:
        fields = json.loads(output)
        end = fields.get("Expiration")
        return Credentials(
            fields["AccessKeyId"],
            fields["SecretAccessKey"],
            fields.get("SessionToken"),
            None if end is None else seconds_of(end),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        # Not `from` the cause, whose text holds secrets.
        raise PluginError(
            "the login helper printed no credentials", "run it with -O json"
        ) from None
