"""A real saml-idp of npm: one page with the name and every attribute, and no password."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from runas import saml

from .running import free_port, key_pair, running

PROGRAM = "plugins/saml_form/tests/js/node_modules/saml-idp/bin/run.js"
AWS = "https://aws.amazon.com/SAML/Attributes/"
PAIR = "arn:aws:iam::123456789012:role/dev,arn:aws:iam::123456789012:saml-provider/Js"

pytestmark = pytest.mark.requires("node", "openssl", PROGRAM)


@pytest.fixture(scope="module")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("saml-idp")
    key, certificate = key_pair(folder)
    attributes = {f"{AWS}Role": PAIR, f"{AWS}RoleSessionName": "alice@example.com"}
    user = {"userName": "somebody", "nameIdFormat": "", **attributes}
    known = [{"id": name, "displayName": name, "multiValue": False} for name in attributes]
    config = folder / "config.js"
    config.write_text(f"module.exports = {json.dumps({'user': user, 'metadata': known})}", "utf-8")
    port = free_port()
    program = Path(__file__).parents[4] / PROGRAM
    command = ["node", str(program), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--cert", str(certificate), "--key", str(key), "--configFile", str(config)]
    command += ["--acsUrl", "https://signin.aws.amazon.com/saml"]
    command += ["--audience", "urn:amazon:webservices"]
    with running(command, f"http://127.0.0.1:{port}", folder, {}) as origin:
        yield f"{origin}/"


def test_it_signs_in(idp, person, sign_in):
    identity = sign_in(idp, username="alice")
    read = saml.read(identity.assertion)
    assert identity.subject == "alice@example.com"
    assert read.name_id == "alice"
    assert [role.arn.name for role in read.roles] == ["dev"]
    assert person.asked == []
