"""Name generated profiles after account, role and region."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

from runas.cli.populate_options import one_of
from runas.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from runas.model import Role

FIELDS = (
    "account_name", "account_id", "account_number", "role_name", "region", "short_region",
    "default_style_region",
)  # fmt: skip
"""What a name may be made of. ``account_number`` is the account's id."""

_REGIONAL = ("region", "short_region", "default_style_region")
_DIRECTIONS = {
    "north": "no",
    "northeast": "ne",
    "east": "ea",
    "southeast": "se",
    "south": "so",
    "southwest": "sw",
    "west": "we",
    "northwest": "nw",
    "central": "ce",
}
_REGION = re.compile(rf"(?:us-(?=gov-))?([a-z]+)-({'|'.join(_DIRECTIONS)})-([0-9]+)")
_CASES = {
    "capitalize": str.capitalize,
    "casefold": str.casefold,
    "lower": str.lower,
    "title": str.title,
    "upper": str.upper,
}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Style:
    """What the options say about names; the regular expressions are removed wherever they match."""

    components: str = "account_name,role_name,default_style_region"
    separator: str | None = None
    template: str | None = None
    include_region: str = "default"
    region_style: str = "short"
    account_case: str | None = None
    role_case: str | None = None
    trim_accounts: Sequence[str] | None = None
    trim_roles: Sequence[str] | None = None
    safe: bool = True

    def __post_init__(self) -> None:
        one_of(self.include_region, "--include-region", "default", "always")
        one_of(self.region_style, "--region-style", "short", "long")
        one_of(self.account_case or "lower", "--account-name-case", *_CASES)
        one_of(self.role_case or "lower", "--role-name-case", *_CASES)

    @property
    def joint(self) -> str:
        """What joins the components: the option's, the variable's of aws-sso-util, or a dot."""
        default = os.environ.get("AWS_CONFIGURE_SSO_DEFAULT_PROFILE_NAME_SEPARATOR") or "."
        return default if self.separator is None else self.separator


@dataclass(frozen=True)
class Named:
    """One role in one region, and the name of its profile; no region is named where it is None."""

    name: str
    role: Role
    region: str | None


class Names:
    """Names in one style."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._accounts = [_pattern(one, "--trim-account-name") for one in style.trim_accounts or ()]
        self._roles = [_pattern(one, "--trim-role-name") for one in style.trim_roles or ()]
        self._plain, self._regional = _templates(style)

    def all(self, roles: Sequence[Role], regions: Sequence[str]) -> tuple[list[Named], list[str]]:
        """Name every role in every region; return also the names that several roles wanted.

        Those get the account's id appended. Raise ConfigurationError where that is not enough.
        """
        places = [(role, place) for role in roles for place in enumerate(regions or [None])]
        found = [Named(self.name(role, *place), role, place[1]) for role, place in places]
        counts = Counter(one.name for one in found)
        told = [name for name, count in counts.items() if count > 1]
        found = [self._told_apart(one) if counts[one.name] > 1 else one for one in found]
        twice = [name for name, count in Counter(one.name for one in found).items() if count > 1]
        if twice:
            raise ConfigurationError(
                f"several roles would get the profile name '{twice[0]}'",
                "choose other --components, or a --name-template with {account_id} and {role_name}",
            )
        return found, told

    def name(self, role: Role, index: int, region: str | None) -> str:
        """Return one name; *index* is the region's place among those given."""
        always = self._style.include_region.lower() == "always"
        template = self._regional if region and (index or always) else self._plain
        name = template.format(**self._pieces(role, region or "")).strip()
        if not name:
            raise ConfigurationError(f"no name is left for {role}", "trim less")
        return name

    def _told_apart(self, one: Named) -> Named:
        account = one.role.arn.account_id
        return Named(f"{one.name}{self._style.joint}{account}", one.role, one.region)

    def _pieces(self, role: Role, region: str) -> dict[str, str]:
        style, account_id = self._style, role.arn.account_id
        account = _trimmed(role.account_name or account_id, self._accounts)
        account = safe(account) if style.safe else " ".join(account.split())
        short = short_region(region)
        return {
            "account_name": _cased(account, style.account_case) or account_id,
            "account_id": account_id,
            "account_number": account_id,
            "role_name": _cased(_trimmed(role.arn.name, self._roles), style.role_case),
            "region": region,
            "short_region": short,
            "default_style_region": short if style.region_style.lower() == "short" else region,
        }


def short_region(region: str) -> str:
    """Shorten a region's name: ``us-east-1`` is ``usea1``, ``us-gov-west-1`` is ``govwe1``.

    One that is not made of an area, a direction and a number stays as it is.
    """
    parts = _REGION.fullmatch(region)
    return f"{parts[1]}{_DIRECTIONS[parts[2]]}{parts[3]}" if parts else region


def safe(name: str) -> str:
    """Keep letters, digits, ``.``, ``_`` and ``-``; accents go, anything else becomes one ``-``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-")


def _templates(style: Style) -> tuple[str, str]:
    """Return the templates without and with a region."""
    if style.template is not None:
        fields = _fields(style.template)
        if any(field in _REGIONAL for field in fields):
            return style.template, style.template
        return (
            style.template,
            f"{style.template}{_literal(style.joint)}{{default_style_region}}",
        )
    parts = [part.strip() for part in style.components.split(",") if part.strip()]
    plain = [part for part in parts if part not in _REGIONAL]
    joint = _literal(style.joint)
    return joint.join(map(_piece, plain)), joint.join(map(_piece, parts))


def _piece(part: str) -> str:
    return f"{{{part}}}" if part in FIELDS else _literal(part)


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _fields(template: str) -> list[str]:
    """Return the fields of a template; only plain ones are let through."""
    hint = "write text and fields: {" + "}, {".join(FIELDS) + "}"
    try:
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise UsageError(f"--name-template: {error}".lower(), hint) from error
    for _, field, spec, conversion in parsed:
        if field is not None and (field not in FIELDS or spec or conversion):
            raise UsageError(f"--name-template: no such field: {{{field}}}", hint)
    return [field for _, field, _, _ in parsed if field]


def _pattern(text: str, flag: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"{flag} {text!r} is no regular expression: {error}") from error


def _trimmed(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub("", text)
    return text


def _cased(text: str, case: str | None) -> str:
    return _CASES[case.lower()](text) if case else text
