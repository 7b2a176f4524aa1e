"""Merge every layer of configuration into a ``Profile``.

Option beats environment, environment beats project file, project file beats profile, profile beats
its ``source_profile``, that beats ``[default]``. Each value remembers where it came from.
"""

from __future__ import annotations

import os

from runas.config.aws_files import locate
from runas.config.given import Given
from runas.config.keys import EVIDENCE
from runas.config.layers import Layer, family_of, from_given, from_section, inheritable
from runas.config.options import SUBCOMMANDS
from runas.config.values import bad_value
from runas.errors import ConfigurationError, ProfileNotFound, UsageError
from runas.profile import Profile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.config.aws_files import Section
    from runas.config.project import ProjectFile

_MARGIN = 300
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


class Config:
    """The user's files, environment and options, and the profiles they add up to."""

    def __init__(
        self,
        environ: Mapping[str, str],
        given: Mapping[str, Given],
        home: str,
        project: ProjectFile | None = None,
    ) -> None:
        self.environ = environ
        self.given = given
        self.config, self.credentials = locate(environ, home)
        self.project = project

    @property
    def margin(self) -> int:
        """Return how many seconds before their end cached credentials count as stale."""
        text = self.setting("refresh_before_expiry")
        return int(text) if text else _MARGIN

    def profile_names(self) -> list[str]:
        """Return the names of all profiles in both files, in file order."""
        names = dict.fromkeys(self.config.profile_names())
        names.update(dict.fromkeys(self.credentials.profile_names()))
        return list(names)

    def has_profile(self, name: str) -> bool:
        """Tell whether either file has a section for *name*."""
        return bool(self.config.profile(name) or self.credentials.profile(name))

    def profile(self, name: str) -> Profile:
        """Resolve a profile of the files; raise ProfileNotFound where neither has it."""
        return self._resolve(name, last=True, seen=())

    def role(self, text: str, source: str | None = None) -> Profile:
        """Resolve a role that stands in for a profile: an ARN, a prefixed or an offered name."""
        own = Layer()
        if source:
            own.put("source_profile", source, "$AWS_PROFILE")
        for name, value in self._role_settings(text).items():
            own.put(name, value, "--role")
        return self._compose(text, own, last=True, seen=())

    def identity(self) -> Profile:
        """Resolve who the options sign in; which role is chosen among those on offer."""
        where = self.given.get("saml_auth_url") or self.given["sso_start_url"]
        return self._compose(where.text, Layer(), last=True, seen=())

    def sso_session(self, name: str) -> Profile:
        """Resolve an ``[sso-session]`` by itself, for logging in to it."""
        found = self.config.section("sso-session", name)
        if found is None:
            raise ConfigurationError(
                f"there is no [sso-session {name}] in {self.config.shown}",
                "see 'runas list profiles'",
            )
        own = from_section(found)
        own.put("sso_session", name, found.origin(""))
        return self._compose(name, own, last=True, seen=())

    def setting(self, name: str) -> str | None:
        """Return a setting of the project file itself (``role_prefix``, ...)."""
        return self.project.values.get(name) if self.project else None

    def _role_settings(self, text: str) -> dict[str, str]:
        prefix = self.setting("role_prefix")
        if text.startswith("arn:"):
            return {"role_arn": text}
        if "sso_start_url" in self.given and self.given["sso_start_url"].origin.startswith("-"):
            return {"sso_role_name": text}
        if prefix and self.project:
            if not prefix.startswith("arn:"):
                raise bad_value(
                    self.project.origin("role_prefix"),
                    f"role_prefix: {prefix!r} is not how a role's ARN begins",
                    "write arn:aws:iam::ACCOUNT:role/",
                )
            return {"role_arn": prefix + text}
        return {"role_name": text}

    def _resolve(self, name: str, *, last: bool, seen: tuple[str, ...], said: str = "") -> Profile:
        if name in seen:
            loop = " -> ".join((*seen[seen.index(name) :], name))
            raise ConfigurationError(
                f"{said}: source_profile goes round in a loop: {loop}",
                f"change source_profile in profile '{seen[-1]}'",
            )
        own = self._sections(name)
        if own is None and name != "default":
            raise self._not_found(name, seen, said)
        return self._compose(name, own or Layer(), last=last, seen=(*seen, name))

    def _sections(self, name: str) -> Layer | None:
        """Merge a profile's sections of both files; the credentials file wins, as in botocore."""
        sections = [
            part for file in (self.config, self.credentials) if (part := file.profile(name))
        ]
        if not sections:
            return None
        layer = Layer()
        for section in sections:
            layer.update(self._with_references(section))
        return layer

    def _with_references(self, section: Section) -> Layer:
        """Read a section, with the ``[sso-session]`` and ``[services]`` that it refers to."""
        layer = Layer()
        session = section.values.get("sso_session")
        if session and (found := self.config.section("sso-session", session)):
            layer.update(from_section(found))
            self._refuse_contradiction(section, found)
        services = section.values.get("services")
        if services and (found := self.config.section("services", services)):
            for service, nested in found.nested.items():
                if "endpoint_url" in nested:
                    name = "endpoint_url_" + service.lower()
                    layer.put(name, nested["endpoint_url"], found.origin(service))
        layer.update(from_section(section))
        return layer

    def _compose(self, name: str, own: Layer, *, last: bool, seen: tuple[str, ...]) -> Profile:
        layers = from_given(self.given, self.project, last=last)
        source = self._source(name, own, layers, seen)
        default = self._sections("default") if name != "default" else None
        inherited = inheritable(default or Layer())
        if source is not None:
            inherited.update(inheritable(Layer.of(source)))
        merged = Layer()
        above = (own, layers.project, layers.environment, layers.typed)
        for layer in (layers.completing, inherited, *above):
            merged.update(layer)
        self._role_by_name(merged)
        self._policy(merged)
        self._endpoints(merged)
        family = family_of(layers, own, source, inherited)
        if family == "sso":
            self._instances(merged)
        if family == "keys" and source is None and not EVIDENCE & own.keys():
            source = self._implicit_source(name, merged)
        return _with_jump(Profile(name, merged.texts, merged.origins, source, family))

    def _source(
        self, name: str, own: Layer, layers: object, seen: tuple[str, ...]
    ) -> Profile | None:
        typed = getattr(layers, "typed", Layer())
        layer = typed if typed.text("source_profile") else own
        source = layer.text("source_profile")
        if not source:
            return None
        if source == name and EVIDENCE & own.keys():
            return None
        said = layer.origins["source_profile"]
        return self._resolve(source, last=False, seen=seen, said=said)

    def _implicit_source(self, name: str, merged: Layer) -> Profile | None:
        """Find keys for a profile that names none: the environment's, else ``[default]``'s."""
        if self.environ.get(_KEYS[0]) and self.environ.get(_KEYS[1]):
            for variable in _KEYS:
                if self.environ.get(variable):
                    merged.put(variable.lower(), self.environ[variable], "$" + variable)
            return None
        if name == "default" or "default" in name.split():
            return None
        default = self._sections("default")
        if default is None or not EVIDENCE & default.keys():
            return None
        return self._resolve("default", last=False, seen=(name,))

    def _role_by_name(self, merged: Layer) -> None:
        """Put the project's ``role_prefix`` before a role that is no ARN."""
        role = merged.text("role_arn")
        if not role or role.startswith("arn:"):
            return
        origin = merged.origins["role_arn"]
        merged.drop("role_arn")
        for name, text in self._role_settings(role).items():
            merged.put(name, text, origin)

    def _policy(self, merged: Layer) -> None:
        """Read the session policy, so that its text is part of what is asked for."""
        path = merged.text("session_policy")
        if not path:
            return
        try:
            with open(os.path.expanduser(path), encoding="utf-8") as file:
                document = file.read()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise UsageError(
                f"{merged.origins['session_policy']}: cannot read the policy {path!r}: {reason}",
                "name a file with an IAM policy in JSON",
            ) from error
        merged.put("session_policy_document", document, merged.origins["session_policy"])

    def _refuse_contradiction(self, section: Section, session: Section) -> None:
        """Refuse a profile and its session that disagree, as the AWS CLI does."""
        for key in ("sso_start_url", "sso_region"):
            here, there = section.values.get(key), session.values.get(key)
            if here and there and here != there:
                raise ConfigurationError(
                    f"{section.origin(key)} and {session.origin(key)} disagree about {key}",
                    "remove it from the profile",
                )

    def _instances(self, merged: Layer) -> None:
        """List the Identity Center instances of all profiles where this one does not say which."""
        url = merged.text("sso_start_url") or ""
        if url.startswith("http") and merged.text("sso_region"):
            return
        from runas.config.instances import instances

        lines = (" ".join(filter(None, one)) for one in instances(self.config))
        merged.put("sso_instances", "\n".join(lines), self.config.shown)

    def _endpoints(self, merged: Layer) -> None:
        """Let the environment's endpoint addresses win, in the order that the SDKs use."""
        environ = self.environ
        if environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
            for name in [key for key in merged.texts if key.startswith("endpoint_url")]:
                merged.drop(name)
        if environ.get("AWS_ENDPOINT_URL"):
            for name in [key for key in merged.texts if key.startswith("endpoint_url_")]:
                merged.drop(name)
        for variable in [name for name in environ if name.startswith("AWS_ENDPOINT_URL")]:
            if environ[variable]:
                merged.put(variable[4:].lower(), environ[variable], "$" + variable)

    def _not_found(self, name: str, seen: tuple[str, ...], said: str) -> ProfileNotFound:
        from difflib import get_close_matches

        verbs = () if seen else SUBCOMMANDS
        close = get_close_matches(name, [*self.profile_names(), *verbs], n=1)
        fact = f"there is no profile or role '{name}'"
        if seen:
            wanted = f"profile '{seen[-1]}' names the source_profile '{name}'"
            fact = f"{said}: {wanted}, which does not exist"
        hint = f"did you mean '{close[0]}'?" if close else "see 'runas list profiles'"
        if close and close[0] in verbs:
            hint = f"did you mean 'runas {close[0]}'?"
        return ProfileNotFound(fact, hint)


_LAST_HOP = (
    "external_id",
    "role_session_name",
    "session_policy",
    "session_policy_document",
    "session_policy_arns",
    "read_only",
    "credentials_duration",
    "jump_role_arn",
)


def _with_jump(profile: Profile) -> Profile:
    """Turn a jump role into what it is: the role of a source that this profile chains from."""
    jump = profile.get("jump_role_arn")
    if not jump:
        return profile
    wanted = profile.role_arn or profile.get("role_name")
    said = {**profile.origins, "role_arn": profile.origin("jump_role_arn")}
    kept = profile.having(role_name=None, **dict.fromkeys(_LAST_HOP)).having(role_arn=jump)
    first = Profile(kept.name, kept.settings, said, kept.source, kept.family)
    if not wanted:
        return first
    last = profile.having(jump_role_arn=None)
    return Profile(last.name, last.settings, last.origins, first, last.family)
