"""Every error that a user of runas can meet.

An error is a *fact* (lower case, no full stop), a *hint* (what to type or change next) and an
exit status. ``runas`` prints it as one line: ``runas: FACT; HINT``.

    RunasError ............................ 70  a bug in runas
    ├── UsageError ........................  2  a malformed option or argument
    ├── ServiceUnavailable ................ 69  unreachable, untrusted, or a fault of its own
    ├── InteractionRequired ............... 75  a person must answer and nobody can be asked
    ├── PluginError ....................... 70  a plugin misbehaved (it is named)
    ├── Refused ........................... 77  the service understood, and said no
    │   ├── WrongPassword                       never retried: accounts lock
    │   ├── WrongCode                           may be typed again at a prompt
    │   ├── ApprovalRejected                    the person said no on the phone
    │   ├── ApprovalExpired                     nobody answered in time
    │   ├── AccountLocked
    │   ├── ActionRequired                      password change or enrolment is due
    │   ├── AccessDenied                        the role or API call is not allowed
    │   └── RoleNotOffered                      the identity does not include that role
    ├── ConfigurationError ................ 78  files, environment values, what is installed
    │   ├── ProfileNotFound
    │   ├── AmbiguousRole
    │   ├── PluginMissing
    │   └── PageNotRecognised                   a sign-in page that no plugin can read
    ├── CommandNotExecutable .............. 126
    ├── CommandNotFound ................... 127
    └── Cancelled ......................... 130 Ctrl-C, or the person closed the question

The statuses 69, 70, 75, 77 and 78 are those of BSD ``sysexits.h``.
"""

from __future__ import annotations


class RunasError(Exception):
    """Say what is wrong (*fact*), what to do next (*hint*) and how the process ends (*status*)."""

    status = 70

    def __init__(self, fact: str, hint: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.hint = hint

    def __str__(self) -> str:
        # A service's words, which a fact may repeat, are sentences.
        return f"{self.fact.rstrip('.')}; {self.hint}" if self.hint else self.fact


class UsageError(RunasError):
    """An option or argument is malformed."""

    status = 2


class ServiceUnavailable(RunasError):
    """A service cannot be reached or trusted, or keeps answering with a fault of its own."""

    status = 69


class InteractionRequired(RunasError):
    """A person must answer, and there is nobody to ask."""

    status = 75


class PluginError(RunasError):
    """A plugin broke the rules; the fact names its distribution and version."""


class Refused(RunasError):
    """The service understood the request and said no."""

    status = 77


class WrongPassword(Refused):
    """The password was refused. It is never sent a second time."""


class WrongCode(Refused):
    """The second factor's code was refused; a person may type another."""


class ApprovalRejected(Refused):
    """The person declined the sign-in on their device."""


class ApprovalExpired(Refused):
    """Nobody answered on the device in time."""


class AccountLocked(Refused):
    """The account is locked, disabled or not yet active."""


class ActionRequired(Refused):
    """The provider wants something done first: a password change, an enrolment."""


class AccessDenied(Refused):
    """The role or API call is not allowed for this identity."""


class RoleNotOffered(Refused):
    """The identity is genuine, but the role asked for is not among its roles."""


class ConfigurationError(RunasError):
    """A file, an environment value or the installation needs changing."""

    status = 78


class ProfileNotFound(ConfigurationError):
    """No profile, role ARN or role of that name."""


class AmbiguousRole(ConfigurationError):
    """A role name fits several roles; the fact lists them."""


class PluginMissing(ConfigurationError):
    """The profile names a provider that is not installed."""


class PageNotRecognised(ConfigurationError):
    """No installed plugin can read this sign-in page."""


class CommandNotExecutable(RunasError):
    """The command exists but cannot be executed."""

    status = 126


class CommandNotFound(RunasError):
    """There is no such command."""

    status = 127


class Cancelled(RunasError):
    """The person ended it: Ctrl-C, or the question was closed."""

    status = 130
