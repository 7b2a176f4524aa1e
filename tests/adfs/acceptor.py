"""What a farm's server does with a ticket or an NTLM message; a program, for its own environment.

Lines of ``SCHEME BASE64`` come in; ``{"name": ..., "token": ...}`` go out, one each. The keytab is
named by ``KRB5_KTNAME``, the accounts of NTLM by ``NTLM_USER_FILE``.
"""

import base64
import json
import sys
from typing import Any

conversation: Any = None


def kerberos(message: bytes) -> tuple[str | None, bytes]:
    """Check a ticket with the service's own key."""
    import gssapi  # type: ignore[import-not-found]

    context = gssapi.SecurityContext(usage="accept")
    try:
        token = context.step(message)
    except gssapi.exceptions.GSSError:
        return None, b""
    return (str(context.initiator_name) if context.complete else None), token or b""


def ntlm(message: bytes) -> tuple[str | None, bytes]:
    """Challenge, then check what the password made of the challenge."""
    import spnego

    global conversation  # noqa: PLW0603 - one browser at a time
    if message[8:9] == b"\x01":
        options = spnego.NegotiateOptions.use_ntlm
        conversation = spnego.server(protocol="ntlm", options=options)
    try:
        token = conversation.step(message)
    except spnego.exceptions.SpnegoError:
        return None, b""
    return (conversation.client_principal if conversation.complete else None), token or b""


def main() -> None:
    """Answer until there is no more."""
    for line in sys.stdin:
        scheme, _, message = line.strip().partition(" ")
        check = {"Negotiate": kerberos, "NTLM": ntlm}[scheme]
        name, token = check(base64.b64decode(message))
        answer = {"name": name, "token": base64.b64encode(token).decode()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
