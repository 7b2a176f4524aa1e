"""The user's name: asked once, and sent as it was typed."""

from __future__ import annotations

import runas
from runas import html
from runas_adfs.visit import Visit


def ask(visit: Visit, page: html.Page) -> runas.Flow[str]:
    """Ask who is signing in, once; a bare name gets its domain from ``adfs_domain`` alone."""
    if not visit.username:
        profile = visit.profile
        default = profile.get("username") or profile.get("saml_username") or ""
        typed = (yield from runas.Username(page.host, default)).strip()
        visit.username = in_domain(typed, profile.get("adfs_domain") or "")
    return visit.username


def in_domain(name: str, domain: str) -> str:
    r"""Add the domain to a bare name: as ``name@domain`` where it has a dot, as ``DOMAIN\name``."""
    if not domain or not name or "@" in name or "\\" in name:
        return name
    return f"{name}@{domain}" if "." in domain else f"{domain}\\{name}"
