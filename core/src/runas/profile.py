"""A resolved profile: every setting that applies, and where each came from.

Light on purpose (no ``dataclasses``, no ``typing`` at run time): see ``credentials.py``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Profile:
    """What one profile asks for, after all layers have been merged; immutable.

    ``settings`` maps a canonical attribute name (the option table's, or a plugin's own key) to its
    text. ``origins`` maps the same names to the place each value came from, fit for a message:
    ``~/.aws/config:12``, ``--region``, ``$AWS_REGION``. ``source`` is the profile named by
    ``source_profile``, whose credentials assume this profile's role; a profile without one proves
    its identity by itself. ``family`` is the protocol of that proof, read off the settings:
    ``keys``, ``saml``, ``sso`` or ``web_identity``.
    """

    __slots__ = ("family", "name", "origins", "settings", "source")

    name: str
    family: str
    settings: Mapping[str, str]
    origins: Mapping[str, str]
    source: Profile | None

    def __init__(
        self,
        name: str,
        settings: Mapping[str, str],
        origins: Mapping[str, str] | None = None,
        source: Profile | None = None,
        family: str = "keys",
    ) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "settings", dict(settings))
        object.__setattr__(self, "origins", dict(origins or {}))
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "family", family)

    @property
    def provider(self) -> str | None:
        """The provider that the profile names itself; None leaves the choice to detection."""
        name = self.settings.get("runas_provider")
        return name.lower() if name else None

    @property
    def region(self) -> str | None:
        """The AWS region for the command and for regional endpoints."""
        return self.settings.get("region")

    @property
    def role_arn(self) -> str | None:
        """The role to end up with; None where the identity alone is wanted."""
        return self.settings.get("role_arn")

    @property
    def duration(self) -> int | None:
        """The life asked for role credentials, in seconds; None leaves it to the service."""
        text = self.settings.get("credentials_duration")
        return int(text) if text else None

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return one setting's text, or *default*."""
        return self.settings.get(name, default)

    def enabled(self, name: str, default: bool = False) -> bool:
        """Return a boolean setting: resolved values are spelt ``true`` or ``false``."""
        text = self.settings.get(name)
        return default if text is None else text == "true"

    def origin(self, name: str) -> str:
        """Say where a setting came from, for messages; the profile's name when unknown."""
        return self.origins.get(name) or f"profile '{self.name}'"

    def having(self, **changes: str | None) -> Profile:
        """Return a copy with some settings replaced, or removed where the value is None."""
        settings = {**self.settings, **changes}
        kept = {name: text for name, text in settings.items() if text is not None}
        return Profile(self.name, kept, self.origins, self.source, self.family)

    @property
    def ends_in_role(self) -> bool:
        """Tell a profile whose credentials are a role's from one that only proves an identity."""
        return "role_arn" in self.settings or (
            self.family == "sso" and "sso_role_name" in self.settings
        )

    def hops(self) -> Iterator[Profile]:
        """Yield the chain of profiles, the one that proves the identity first, this one last."""
        if self.source is not None:
            yield from self.source.hops()
        yield self

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Profile is immutable: {name}")

    def __repr__(self) -> str:
        return f"Profile({self.name!r}, provider={self.provider!r}, role_arn={self.role_arn!r})"
