"""The configuration of a LemonLDAP::NG portal that is a SAML provider for AWS."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

AWS = "https://aws.amazon.com/SAML/Attributes/"
PAIR = "arn:aws:iam::123456789012:role/dev,arn:aws:iam::123456789012:saml-provider/Llng"
URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
SERVICE = """<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
 entityID="urn:amazon:webservices"><md:SPSSODescriptor WantAssertionsSigned="true"
 protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:AssertionConsumerService index="1" isDefault="true"
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
 Location="https://signin.aws.amazon.com/saml"/></md:SPSSODescriptor></md:EntityDescriptor>"""

INI = """[all]
logLevel = warn
[configuration]
type = File
dirName = {folder}/conf
localStorage = Cache::FileCache
localStorageOptions = {{ 'namespace' => 'conf', 'cache_root' => '{folder}/cache' }}
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en, fr
"""


def configure(folder: Path, origin: str, key: Path, certificate: Path) -> Path:
    """Write everything into *folder*; return the file that LLNG_DEFAULTCONFFILE names.

    The users are those of the demonstration backend: rtyler and dwho, whose passwords are their
    names.
    """
    for name in ("conf", "cache", "sessions/lock", "psessions/lock"):
        (folder / name).mkdir(parents=True)
    document = json.dumps(_settings(folder, origin, key.read_text(), certificate.read_text()))
    (folder / "conf" / "lmConf-1.json").write_text(document, "utf-8")
    ini = folder / "lemonldap-ng.ini"
    ini.write_text(INI.format(folder=folder), "utf-8")
    return ini


def enrol(folder: Path, user: str, secret: str, *more: dict[str, Any]) -> None:
    """Give a user a virtual MFA device, and others after it."""
    key = hashlib.md5(user.encode()).hexdigest()
    device = {"name": "phone", "type": "TOTP", "_secret": secret, "epoch": int(time.time())}
    session = {
        "_session_uid": user,
        "_session_id": key,
        "_session_kind": "Persistent",
        "_utime": int(time.time()),
        "_2fDevices": json.dumps([device, *more]),
    }
    (folder / "psessions" / key).write_text(json.dumps(session), "utf-8")


def _settings(folder: Path, origin: str, key: str, certificate: str) -> dict[str, Any]:
    return {
        "cfgNum": 1,
        "cfgVersion": "2.16.1",
        "cfgAuthor": "tests",
        "cfgDate": "1",
        "portal": f"{origin}/",
        "domain": "127.0.0.1",
        "cookieName": "lemonldap",
        "securedCookie": 0,
        "authentication": "Demo",
        "userDB": "Same",
        "passwordDB": "Demo",
        "registerDB": "Null",
        "demoExportedVars": {"uid": "uid", "mail": "mail"},
        "globalStorage": "Apache::Session::File",
        "globalStorageOptions": _store(folder / "sessions"),
        "persistentStorage": "Apache::Session::File",
        "persistentStorageOptions": _store(folder / "psessions"),
        "localSessionStorage": "Cache::FileCache",
        "localSessionStorageOptions": {"namespace": "s", "cache_root": str(folder / "cache")},
        "key": "key-of-the-tests",
        "whatToTrace": "uid",
        "macros": {"awsRole": f"'{PAIR}'"},
        "locationRules": {"127.0.0.1": {"default": "accept"}},
        "exportedHeaders": {},
        "applicationList": {},
        "timeout": 7200,
        "portalSkin": "bootstrap",
        "issuerDBSAMLActivation": 1,
        "samlServicePrivateKeySig": key,
        "samlServicePublicKeySig": certificate,
        "samlSPMetaDataXML": {"aws": {"samlSPMetaDataXML": SERVICE}},
        "samlSPMetaDataExportedAttributes": {
            "aws": {
                "awsRole": f"1;{AWS}Role;{URI};",
                "mail": f"1;{AWS}RoleSessionName;{URI};",
            }
        },
        "samlSPMetaDataOptions": {
            "aws": {
                "samlSPMetaDataOptionsEnableIDPInitiatedURL": 1,
                "samlSPMetaDataOptionsNameIDFormat": "transient",
                "samlSPMetaDataOptionsCheckSSOMessageSignature": 0,
            }
        },
        "totp2fActivation": 1,
        "totp2fRange": 1,
        "yubikey2fActivation": 0,
        "requireToken": 1,
    }


def _store(folder: Path) -> dict[str, str]:
    return {
        "Directory": str(folder),
        "LockDirectory": str(folder / "lock"),
        "generateModule": "Lemonldap::NG::Common::Apache::Session::Generate::SHA256",
    }
