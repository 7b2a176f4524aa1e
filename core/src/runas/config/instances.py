"""The Identity Center instances that the user's config file knows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas.config.aws_files import AwsFile


Instance = tuple[str, str, str]
"""Start URL, region, and the name of its ``[sso-session]``: empty where a profile holds it."""


def instances(config: AwsFile) -> list[Instance]:
    """Return the instances of every profile and session, in file order, without repeats.

    Broken sections are passed over.
    """
    found: dict[Instance, None] = {}
    for section in config.sections([]):
        url, region = section.values.get("sso_start_url"), section.values.get("sso_region")
        if url and region:
            found[url, region, section.name if section.kind == "sso-session" else ""] = None
    return list(found)
