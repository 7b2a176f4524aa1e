"""Whatever files, variables and words contain: one line, a status of the contract, no secret."""

import os
import subprocess
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .world import RUNAS

CANARY = "canary+Secret/Key0123456789abcdefghijklmnop"
STATUSES = {0, 2, 69, 75, 77, 78, 126, 127}

KEYS = st.sampled_from(
    "region role_arn source_profile mfa_serial duration_seconds credentials_duration mfa_type"
    " external_id credential_source web_identity_token_file sso_session"
    " saml_auth_url s3 services aws_access_key_id aws_session_token runas_provider session_policy"
    " remember_device endpoint_url".split()
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["arn:aws:iam::123456789012:role/x", "p", "default", "1h", "-1", "true", "'", ""]
    ),
)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    st.sampled_from(
        ["[profile p]", "[default]", "[p]", "[sso-session x]", "[", "[]", "=", "  nested = 1"]
    ),
    st.text(max_size=20),
)
FILES = st.one_of(
    st.lists(LINES, max_size=12).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")),
    st.binary(max_size=200),
)
WORDS = st.lists(
    st.one_of(
        st.sampled_from(["p", "default", "-E", "-s", "-e", "-O", "json", "--role", "x", "--set"]),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    ),
    max_size=4,
)
VARIABLES = st.dictionaries(
    st.sampled_from(
        "AWS_PROFILE CREDENTIALS_DURATION MFA_TYPE RUNAS_OUTPUT_FORMAT MFA_SERIAL EXTERNAL_ID"
        " RUNAS_ENV_CREDENTIALS AWS_REGION RUNAS_PROVIDER".split()
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    max_size=3,
)

quietly = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def run(words: list[str], environ: dict[str, str], home: Path) -> None:
    secrets = {"RUNAS_PASSWORD": CANARY, "MFA_CODE": "739201"}
    done = subprocess.run(
        [RUNAS, *words],
        env={**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", **secrets, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=home,
        start_new_session=True,
    )
    said = done.stderr.decode(errors="replace")
    assert done.returncode in STATUSES, said
    assert "Traceback" not in said
    assert CANARY not in said + done.stdout.decode(errors="replace")
    assert "739201" not in said
    if done.returncode in STATUSES - {0, 126, 127}:
        assert done.stdout == b""
        assert said.count("\n") == 1, said
        assert said.startswith("runas: ")


@quietly
@given(FILES, FILES)
@example(
    b"[profile p]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = q\n", b"[q]\n"
)
@example(b"[profile p]\n  a = 1\n", b"\xff\xfe")
@example(b"[profile p\nregion = x\n", b"")
def test_files(home: Path, config: bytes, credentials: bytes) -> None:
    (home / ".aws" / "config").write_bytes(config)
    key = f"[default]\naws_access_key_id = A\naws_secret_access_key = {CANARY}\n".encode()
    (home / ".aws" / "credentials").write_bytes(credentials or key)
    run(["-O", "json", "p"], {}, home)


@quietly
@given(WORDS, VARIABLES)
def test_words_and_variables(home: Path, words: list[str], variables: dict[str, str]) -> None:
    (home / ".aws" / "config").write_text("[profile p]\nrole_arn = arn:aws:iam::1:role/x\n")
    run(words, variables, home)


@quietly
@given(st.one_of(st.binary(max_size=120), st.text(max_size=120).map(str.encode)), st.booleans())
def test_project_files(home: Path, content: bytes, yaml: bool) -> None:
    for name in ("runas.toml", "assume-role.yaml"):
        (home / name).unlink(missing_ok=True)
    (home / ("assume-role.yaml" if yaml else "runas.toml")).write_bytes(content)
    run(["-O", "json", "default"], {}, home)
