"""SAML: read the response that an identity provider made for AWS, and find the roles in it.

A provider's plugin brings the text of the ``SAMLResponse`` field; the rest is here::

    from runas import html, saml

    text = html.assertion(page)           # the form that a browser would post to AWS
    if text is not None:
        return saml.identity(text)        # a runas.SamlIdentity, ready for list_roles and assume

``read`` takes the response apart, ``identity`` makes the proof that a plugin's ``authenticate``
returns, ``roles`` is what core answers to ``list_roles`` for any SAML identity.

Only AWS checks the signature. What is read here decides which role is asked for and what is shown,
never what is allowed; all the same the document is taken for hostile: no DOCTYPE, no entities, no
comment inside a value.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
"""

from __future__ import annotations

from runas.saml.acs import SignIn, sign_in
from runas.saml.assertion import Assertion
from runas.saml.identity import identity, roles
from runas.saml.response import read

__all__ = ["Assertion", "SignIn", "identity", "read", "roles", "sign_in"]
