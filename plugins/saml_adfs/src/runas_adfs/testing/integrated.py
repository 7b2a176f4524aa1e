"""Windows Integrated Authentication at the farm: a 401 with offers, and what answers one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from runas_adfs.testing import adapters
from runas_adfs.testing.server import Reply, Request, redirect

if TYPE_CHECKING:
    from runas_adfs.testing.farm import AdfsFarm


def integrated(farm: AdfsFarm, request: Request) -> Reply:
    """Answer below ``/adfs/ls/wia``."""
    login = farm.login_of(request)
    if login is None or farm.negotiate is None:
        return farm.lost("MSIS7065")
    scheme, _, message = request.headers.get("authorization", "").partition(" ")
    if not message:
        return Reply("", 401, [("WWW-Authenticate", offer) for offer in farm.offers])
    name, token = farm.negotiate(scheme, base64.b64decode(message))
    user = farm.users.get((name or "").lower())
    if user is None:
        more = f"{scheme} {base64.b64encode(token).decode()}" if token else scheme
        return Reply("", 401, [("WWW-Authenticate", more)])
    farm.primary += scheme == "NTLM"  # a ticket is no password
    login.user, login.methods = user, adapters.methods(farm.adapters)
    login.satisfied = not farm.adapters
    known = request.query["client-request-id"]
    where = f"/adfs/ls/idpinitiatedsignon?{urlencode({'client-request-id': known})}"
    reply = redirect(where)
    if token:  # the farm's own proof to the browser
        more = f"{scheme} {base64.b64encode(token).decode()}"
        reply.headers.append(("WWW-Authenticate", more))
    return farm.with_session(reply, login, request)
