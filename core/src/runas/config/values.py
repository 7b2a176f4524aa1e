"""Check and normalise the text of one setting: durations to seconds, booleans to true or false."""

from __future__ import annotations

from runas.errors import ConfigurationError, RunasError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas.config.options import Option
    from runas.profile import Profile

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off", "")
_LONGEST_LABEL = 63
_PORTS = 65536
_COUNTS = tuple("0123456789")
_ACCOUNT = 12
_UNITS = {"h": 3600, "m": 60, "s": 1}


def seconds(text: str) -> int:
    """Read ``12h``, ``1h30m``, ``900s``, ``15m`` or plain seconds; ValueError otherwise."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text)
    total, digits, last = 0, "", 86400
    for character in text.lower():
        if character.isascii() and character.isdigit():
            digits += character
            continue
        unit = _UNITS.get(character, 0)
        if not digits or not unit or unit >= last:
            raise ValueError(text)
        total, digits, last = total + int(digits) * unit, "", unit
    if digits or last == 86400:
        raise ValueError(text)
    return total


def boolean(text: str) -> bool:
    """Read 1/true/yes/on and their opposites, in any case; ValueError otherwise."""
    lowered = text.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError(text)


def span(total: int) -> str:
    """Write seconds as a person would: ``12h``, ``1h30m``, ``45s``."""
    hours, rest = divmod(total, 3600)
    minutes, remainder = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (remainder, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def normalise(option: Option, text: str, origin: str) -> str:
    """Return the setting's canonical text; raise the error that names *origin* otherwise.

    A bad command-line value is a usage error (2); one of a file or variable is configuration (78).
    """
    if option.secret:
        return text
    check = _CHECKS.get(option.kind)
    return check(option, text, origin) if check else text.strip()


def _boolean(option: Option, text: str, origin: str) -> str:
    try:
        return "true" if boolean(text) else "false"
    except ValueError:
        raise bad_value(origin, f"{text!r} is not a boolean", "use true or false") from None


def _choice(option: Option, text: str, origin: str) -> str:
    lowered = text.strip().lower()
    if lowered not in option.choices:
        raise bad_value(origin, f"{text!r} is not known", "use one of " + ", ".join(option.choices))
    return lowered


def _duration(option: Option, text: str, origin: str) -> str:
    try:
        value = seconds(text)
    except ValueError:
        raise bad_value(
            origin, f"{text!r} is not a duration", "write 12h, 1h30m, 900s or 15m"
        ) from None
    if not option.low <= value <= option.high:
        limits = f"use {span(option.low)} to {span(option.high)}"
        raise bad_value(origin, f"{text.strip()} is out of range", limits)
    return str(value)


def _count(option: Option, text: str, origin: str) -> str:
    text = text.strip()
    try:
        return text if text in _COUNTS else str(int(boolean(text)))
    except ValueError:
        raise bad_value(origin, f"{text!r} is not a boolean", "use true, false or 2") from None


def _account(option: Option, text: str, origin: str) -> str:
    """Check a number's length; an account may go by its name too."""
    text = text.strip()
    if text.isdigit() and len(text) != _ACCOUNT:
        raise bad_value(origin, f"{text!r} is no account", "write all of its 12 digits")
    return text


def _port(option: Option, text: str, origin: str) -> str:
    text = text.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else _PORTS
    if text and number >= _PORTS:
        raise bad_value(origin, f"{text!r} is no port", "use a number from 1024 to 65535")
    return text


def _region(option: Option, text: str, origin: str) -> str:
    """Check that the text can be a part of a host's name: SDKs make addresses of it, some unasked.

    Source: botocore.utils.validate_region_name; RFC 1123, section 2.1
    """
    text = text.strip()
    label = text.isascii() and text.replace("-", "").isalnum() and len(text) <= _LONGEST_LABEL
    if text and (not label or text[0] == "-" or text[-1] == "-"):
        raise bad_value(origin, f"{text!r} is not the name of a region", "write one like eu-west-1")
    return text


_CHECKS = {
    "account": _account,
    "boolean": _boolean,
    "choice": _choice,
    "count": _count,
    "duration": _duration,
    "port": _port,
    "region": _region,
    "switch": _boolean,
}


def bad_value(origin: str, fact: str, hint: str = "") -> RunasError:
    """Return the error of a bad value: an option's is a usage error, any other configuration."""
    return _kind(origin)(f"{origin}: {fact}", hint)


def bad_setting(profile: Profile, name: str, fact: str, hint: str = "") -> RunasError:
    """Return the same error for a setting of a profile, which is named with its origin."""
    origin = profile.origin(name)
    return _kind(origin)(f"{name} ({origin}): {fact}", hint)


def _kind(origin: str) -> type[RunasError]:
    return UsageError if origin.startswith("-") else ConfigurationError
