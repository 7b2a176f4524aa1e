r"""A faithful AD FS farm for tests and for ``runas sandbox``; loopback only.

    with AdfsFarm(version="2019", adapter="azure-mfa") as farm:
        farm.user("CORP\\me", password="correct horse")
        ...                     # saml_auth_url = farm.url, or farm.sign_in

``farm.requests`` is the log of everything that arrived, in order; ``farm.primary`` counts the
passwords tried; ``farm.faults[3] = Fault(...)`` breaks the third request and all that follow.
"""

from __future__ import annotations

from runas_adfs.testing.adapters import ADAPTERS
from runas_adfs.testing.farm import AdfsFarm
from runas_adfs.testing.server import Fault, Request
from runas_adfs.testing.state import User
from runas_adfs.testing.templates import VERSIONS
from runas_adfs.testing.words import LANGUAGES

__all__ = ["ADAPTERS", "LANGUAGES", "VERSIONS", "AdfsFarm", "Fault", "Request", "User"]
