"""The Identity Center instances that the user's config file knows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas.config.aws_files import AwsFile


def instances(config: AwsFile) -> str:
    """Return a line ``URL REGION [SESSION]`` for each instance, in file order, without repeats.

    Read from every profile and ``[sso-session]``; broken sections are passed over.
    """
    lines: dict[str, None] = {}
    for section in config.sections([]):
        url, region = section.values.get("sso_start_url"), section.values.get("sso_region")
        if url and region:
            session = f" {section.name}" if section.kind == "sso-session" else ""
            lines[f"{url} {region}{session}"] = None
    return "\n".join(lines)
