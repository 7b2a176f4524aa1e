"""Layers of settings: canonical names, texts, and where each came from."""

from __future__ import annotations

from runas.config.keys import CLIENT, EVIDENCE
from runas.config.options import BY_KEY, BY_NAME
from runas.config.values import normalise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import KeysView, Mapping

    from runas.config.aws_files import Section
    from runas.config.given import Given
    from runas.config.project import ProjectFile
    from runas.profile import Profile


class Layer:
    """Settings by canonical name; a later ``put`` or ``update`` wins."""

    __slots__ = ("origins", "texts")

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.origins: dict[str, str] = {}

    @classmethod
    def of(cls, profile: Profile) -> Layer:
        """Return a resolved profile's settings as a layer."""
        layer = cls()
        layer.texts.update(profile.settings)
        layer.origins.update(profile.origins)
        return layer

    def put(self, name: str, text: str, origin: str) -> None:
        """Set one value."""
        self.texts[name] = text
        self.origins[name] = origin

    def drop(self, name: str) -> None:
        """Remove one value."""
        del self.texts[name]
        del self.origins[name]

    def update(self, other: Layer) -> None:
        """Let *other*'s values win."""
        self.texts.update(other.texts)
        self.origins.update(other.origins)

    def text(self, name: str) -> str | None:
        """Return one value's text."""
        return self.texts.get(name)

    def keys(self) -> KeysView[str]:
        """Return the names that have a value."""
        return self.texts.keys()


class GivenLayers:
    """The layers above the files; ``completing`` lies below: it fills what they leave open."""

    __slots__ = ("completing", "environment", "project", "typed")

    def __init__(self) -> None:
        self.completing = Layer()
        self.typed = Layer()
        self.environment = Layer()
        self.project = Layer()


def from_section(section: Section) -> Layer:
    """Read one section of an AWS file; known keys are checked and take their canonical name."""
    layer = Layer()
    for key, text in section.values.items():
        option = BY_KEY.get(key)
        if option is None:
            layer.put(key, text, section.origin(key))
        elif text and (option.keys[0] == key or option.name not in layer.texts):
            origin = section.origin(key)
            layer.put(option.name, normalise(option, text, f"{origin}: {key}"), origin)
    return layer


def from_given(
    given: Mapping[str, Given], project: ProjectFile | None, *, last: bool
) -> GivenLayers:
    """Split options and variables by layer; what belongs to a hop goes to the *last* one only."""
    layers = GivenLayers()
    for name, value in given.items():
        option = BY_NAME[name]
        if option.scope == "run" or option.secret:
            continue
        if not last and (option.scope == "hop" or name == "credentials_duration"):
            continue
        if not value.origin.startswith("$"):
            layers.typed.put(name, value.text, value.origin)
        elif name in _COMPLETING:
            layers.completing.put(name, value.text, value.origin)
        else:
            layers.environment.put(name, value.text, value.origin)
    if "set" in given:
        _put_pairs(given["set"].text, layers.typed)
    if project is not None:
        _put_project(project, layers.project, last=last)
    return layers


def _put_pairs(text: str, layer: Layer) -> None:
    from runas.errors import UsageError

    for pair in text.split("\n"):
        key, equals, value = pair.partition("=")
        key = key.strip().lower()
        if not equals or not key:
            raise UsageError(f"--set {pair!r} is not KEY=VALUE", "write --set KEY=VALUE")
        option = BY_KEY.get(key)
        if option is not None:
            layer.put(option.name, normalise(option, value, f"--set {key}"), "--set")
        else:
            layer.put(key, value.strip(), "--set")


def _put_project(project: ProjectFile, layer: Layer, *, last: bool) -> None:
    for key, text in project.values.items():
        option = BY_KEY.get(key)
        if option is not None and option.scope == "hop" and not last:
            continue
        origin = project.origin(key)
        if option is None:
            layer.put(key, text, origin)
        else:
            layer.put(option.name, normalise(option, text, f"{origin}: {key}"), origin)


def inheritable(layer: Layer) -> Layer:
    """Return what a profile takes over from its ``source_profile`` or from ``[default]``.

    Roles, evidence of identity and client settings belong to the profile that states them.
    """
    kept = Layer()
    for name, text in layer.texts.items():
        option = BY_NAME.get(name)
        own = option.scope == "hop" if option else name in EVIDENCE or name in CLIENT
        if not own and not name.startswith("endpoint_url") and name != "role_name":
            kept.put(name, text, layer.origins.get(name, ""))
    return kept


_COMPLETING = ("sso_start_url", "sso_region")  # AWS_DEFAULT_SSO_*: defaults, as they say

_SIGNS = (
    ("sso", ("sso_session", "sso_start_url", "sso_account_id", "sso_role_name")),
    ("saml", ("saml_auth_url",)),
    ("web_identity", ("web_identity_auth_url",)),
)


def family_of(layers: GivenLayers, own: Layer, source: Profile | None, inherited: Layer) -> str:
    """Decide by which protocol the profile proves its identity.

    What was typed decides first, then the profile itself, then what surrounds it. Variables such
    as ``AWS_DEFAULT_SSO_START_URL`` only complete a profile, they do not make it one of theirs.
    """
    for layer in (layers.typed, own):
        for family, signs in _SIGNS:
            if any(sign in layer.texts for sign in signs):
                return family
        if EVIDENCE & layer.keys():
            return "keys"
    if source is not None:
        return source.family
    for family, signs in _SIGNS[1:]:
        for layer in (layers.environment, layers.project, inherited):
            if any(sign in layer.texts for sign in signs):
                return family
    return "sso" if "sso_account_id" in inherited.texts else "keys"
