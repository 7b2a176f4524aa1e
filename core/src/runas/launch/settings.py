"""What a section of the AWS files says, with and without where credentials come from."""

from __future__ import annotations

from runas.config.keys import EVIDENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas.config.aws_files import Section

    Settings = dict[str, str | dict[str, str]]

_DECIDING = EVIDENCE | {"role_arn", "source_profile"}


def decides(section: Section | None) -> bool:
    """Tell a section that an SDK would take credentials from."""
    if section is None:
        return False
    return any(key in _DECIDING or key.startswith("sso_") for key in section.lines)


def leads_to_credentials(key: str) -> bool:
    """Tell a key that says where a profile's credentials come from, or whose they are."""
    return key in _DECIDING or key == "role_session_name" or key.startswith(("aws_", "sso_"))


def stated(section: Section | None) -> Settings:
    """Return all that a section says."""
    return {} if section is None else {**section.values, **section.nested}


def harmless(section: Section | None) -> Settings:
    """Return what a section says about all but credentials."""
    settings = stated(section)
    return {key: settings[key] for key in settings if not leads_to_credentials(key)}


def lay_over(settings: Settings, upper: Settings) -> None:
    """Put *upper* on top; of nested settings, each one by itself."""
    for key, value in upper.items():
        below = settings.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            settings[key] = {**below, **value}
        elif not leads_to_credentials(key):
            settings[key] = value
