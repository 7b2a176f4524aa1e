"""The user's files, and who wins: botocore is the judge."""

import os
import shutil
import stat
import sys
import time
from pathlib import Path

import botocore.session
import pytest
from botocore.exceptions import BotoCoreError

from runas.config.aws_files import locate
from runas.launch.shield import shield
from runas.profile import Profile

CANARY = "wJalrCANARY"
KEYS = (
    f"aws_access_key_id = AKIA\naws_secret_access_key = {CANARY}\naws_session_token = {CANARY}t\n"
)


@pytest.fixture
def files(home):
    """Write the user's files; shield a profile; ask botocore what it makes of that."""

    class Files:
        folder = str(home / "cache")

        def write(self, config="", credentials=""):
            (home / ".aws" / "config").write_text(config)
            (home / ".aws" / "credentials").write_text(credentials)

        def shield(self, name="p", region=None):
            config, credentials = locate(os.environ, str(home))
            profile = Profile(name, {"region": region} if region else {})
            return shield(config, credentials, profile, self.folder, os.environ)

        def session(self, variables, monkeypatch, profile=None):
            for name, text in variables.items():
                monkeypatch.setenv(name, text)
            monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x")
            return botocore.session.Session(profile=profile)

    return Files()


def _winner(session, monkeypatch):
    """Return the provider that botocore's chain comes to."""
    from botocore.credentials import ContainerProvider, Credentials

    found = Credentials("A", "S", "T", method="container")
    monkeypatch.setattr(ContainerProvider, "load", lambda self: found)
    try:
        credentials = session.get_credentials()
    except BotoCoreError as error:  # a provider before it tried, and failed
        return type(error).__name__
    return credentials.method if credentials else None


WINNERS = {
    "keys": KEYS,
    "role": "role_arn = arn:aws:iam::1:role/r\nsource_profile = other\n",
    "environment": "role_arn = arn:aws:iam::1:role/r\ncredential_source = Environment\n",
    "sso": "sso_start_url = https://x\nsso_region = x\nsso_account_id = 111122223333\n"
    "sso_role_name = r\n",
    "sso session": "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = r\n",
    "process": "credential_process = /bin/false\n",
    "token file": "role_arn = arn:aws:iam::1:role/r\nweb_identity_token_file = /no/such\n",
    "login": "login_session = arn:aws:iam::1:user/me\n",
    "odd case": f"AWS_Access_Key_Id=AKIA\naws_secret_access_key: {CANARY}\n",
}
OTHER = (
    f"\n[profile other]\nregion = us-west-2\n{KEYS}\n[sso-session corp]\nsso_start_url = https://x\n"
    "sso_region = eu-west-1\n"
)
SETTINGS = "region = eu-central-1\nretry_mode = adaptive\ns3 =\n  addressing_style = path\n"


@pytest.mark.parametrize("header", ["[default]", "[profile default]", '[profile "default"]'])
@pytest.mark.parametrize("winner", WINNERS)
def test_no_default_section_wins_over_the_endpoint(files, monkeypatch, winner, header):
    files.write(f"# mine\n{header}\n{WINNERS[winner]}{SETTINGS}{OTHER}")
    assert _winner(files.session({}, monkeypatch), monkeypatch) != "container"
    session = files.session(files.shield(), monkeypatch)
    assert _winner(session, monkeypatch) == "container"
    config = session.get_scoped_config()
    assert config == {
        "region": "eu-central-1",
        "retry_mode": "adaptive",
        "s3": {"addressing_style": "path"},
    }
    assert session.full_config["profiles"]["other"] == {"region": "us-west-2"}
    assert session.full_config["sso_sessions"]["corp"]["sso_region"] == "eu-west-1"


@pytest.mark.parametrize("winner", ["keys", "role", "process", "sso"])
def test_no_default_of_the_credentials_file_wins(files, monkeypatch, winner):
    files.write(
        f"[default]\n{SETTINGS}[profile both]\noutput = text\n",
        f"[default]\n{WINNERS[winner]}output = table\n"
        f"[only here]\n{KEYS}region = sa-east-1\n[both]\n{KEYS}",
    )
    session = files.session(files.shield(), monkeypatch)
    assert _winner(session, monkeypatch) == "container"
    profiles = session.full_config["profiles"]
    assert profiles["only here"] == {"region": "sa-east-1"}
    assert profiles["both"] == {"output": "text"}
    assert profiles["default"]["output"] == "table"
    assert profiles["default"]["retry_mode"] == "adaptive"


def test_other_profiles_keep_their_keys_where_nothing_needs_hiding_there(files, monkeypatch):
    files.write("[default]\ncredential_process = x\n", f"[other]\n{KEYS}")
    variables = files.shield()
    assert variables["AWS_CONFIG_FILE"] == variables["RUNAS_SHIELD_CONFIG"]
    assert "AWS_SHARED_CREDENTIALS_FILE" not in variables
    session = files.session(variables, monkeypatch, profile="other")
    assert session.get_credentials().method == "shared-credentials-file"


@pytest.mark.parametrize(
    ("config", "credentials"),
    [
        ("", ""),
        (f"[default]\n{SETTINGS}", ""),
        (f"[default]\n{SETTINGS}\n[profile p]\nregion = eu-west-1\n{WINNERS['role']}", ""),
        ("[profile p]\nsaml_auth_url = https://x\nmfa_serial = y\nsso_region = z\n", ""),
        (f"[default]\nregion=x\n{OTHER}", f"[other]\n{KEYS}"),
    ],
)
def test_the_common_case_changes_nothing(files, home, config, credentials):
    files.write(config, credentials)
    assert files.shield(region="eu-west-1") == {}
    assert not (home / "cache").exists()


def test_the_profiles_own_settings_are_the_defaults(files, monkeypatch):
    files.write(
        f"[default]\n{SETTINGS}output = json\nservices = base\n"
        "[profile p]\nrole_arn = r\nsource_profile = default\noutput = text\nmax_attempts = 7\n"
        "services = mine\ncli_pager =\nca_bundle = /ca.pem\ns3 =\n  max_concurrent_requests = 3\n"
        "[services mine]\ndynamodb =\n  endpoint_url = http://localhost:8000\n[services base]\n"
    )
    session = files.session(files.shield(), monkeypatch)
    config = session.get_scoped_config()
    assert config == {
        "region": "eu-central-1",
        "retry_mode": "adaptive",
        "output": "text",
        "max_attempts": "7",
        "services": "mine",
        "cli_pager": "",
        "ca_bundle": "/ca.pem",
        "s3": {"addressing_style": "path", "max_concurrent_requests": "3"},
    }
    monkeypatch.setattr(session, "_credentials", None)
    client = session.create_client(
        "dynamodb", aws_access_key_id="a", aws_secret_access_key="b", verify=False
    )
    assert client.meta.endpoint_url == "http://localhost:8000"
    assert client.meta.config.retries["total_max_attempts"] == 7


def test_own_settings_win_over_the_credentials_files_default(files, monkeypatch):
    files.write("[profile p]\noutput = text\n", "[default]\noutput = json\nregion = x-1\n")
    session = files.session(files.shield(), monkeypatch)
    assert session.get_scoped_config() == {"output": "text", "region": "x-1"}


def test_no_secret_gets_into_the_copy(files):
    many = "".join(f"[profile p{n}]\n{KEYS}aws_session_token =\n  {CANARY}\n" for n in range(5))
    files.write(
        f"[DEFAULT]\n{KEYS}[default]\n{KEYS}\n{many}  [profile indented]\n  {KEYS}",
        f"[default]\n{KEYS}[x]\n{KEYS}[profile p1]\n{KEYS}",
    )
    text = Path(files.shield()["AWS_CONFIG_FILE"]).read_text()
    assert CANARY not in text
    assert all(f"[profile p{n}]" in text for n in range(5))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system(files, monkeypatch, home, ending):
    files.write()
    text = f"\ufeff[default]\n{KEYS}region = eu-west-3\n\n[profile other]\nregion = us-west-2"
    (home / ".aws" / "config").write_bytes(text.replace("\n", ending).encode())
    session = files.session(files.shield(), monkeypatch)
    assert session.full_config["profiles"]["other"]["region"] == "us-west-2"
    assert session.get_scoped_config() == {"region": "eu-west-3"}


def test_the_copy_is_made_once_for_each_content(files, home):
    files.write(f"[default]\n{KEYS}")
    path = files.shield()["AWS_CONFIG_FILE"]
    before = os.stat(path)
    assert files.shield()["AWS_CONFIG_FILE"] == path
    assert os.stat(path).st_ino == before.st_ino
    if sys.platform != "win32":
        assert stat.S_IMODE(before.st_mode) == 0o600
        assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    files.write(f"[default]\n{KEYS}region = x\n")
    assert files.shield()["AWS_CONFIG_FILE"] != path


def test_a_large_file_that_has_not_changed_for_a_while_is_not_read_for_its_copy(files, home):
    """A change that leaves the size is seen at once."""
    config = home / ".aws" / "config"
    others = "".join(f"[profile n{number}]\nregion = eu-west-1\n" for number in range(4000))
    files.write(f"[default]\n{KEYS}region = eu-west-1\n[profile a]\nregion = us-west-2\n{others}")
    assert config.stat().st_size > 100_000
    while time.time_ns() - os.stat(config).st_ctime_ns < 2.1e9:
        time.sleep(0.1)
    path = files.shield()["AWS_CONFIG_FILE"]
    assert files.shield()["AWS_CONFIG_FILE"] == path
    config.write_text(config.read_text().replace("[profile a]", "[profile b]"))
    changed = files.shield()["AWS_CONFIG_FILE"]
    assert "[profile b]" in Path(changed).read_text()


def test_a_copy_that_a_command_wrote_to_is_made_anew(files):
    files.write(f"[default]\n{KEYS}region = x\n")
    path = files.shield()["AWS_CONFIG_FILE"]
    with open(path, "a") as file:
        file.write("credential_process = evil\n")
    path = files.shield()["AWS_CONFIG_FILE"]
    assert "evil" not in Path(path).read_text()


def _open_to_all(path, planted):
    os.chmod(path, 0o666)


def _link(path, planted):
    os.unlink(path)
    os.symlink(planted, path)


@pytest.mark.skipif(sys.platform == "win32", reason="there the folder's access list protects")
@pytest.mark.parametrize("plant", [_open_to_all, _link])
def test_a_copy_that_somebody_else_may_have_made_is_not_used(files, tmp_path, plant):
    """Whoever can write to the cache folder must not choose what the command runs."""
    files.write(f"[default]\n{KEYS}region = x\n")
    path = files.shield()["AWS_CONFIG_FILE"]
    unchanged = os.stat(path).st_mtime_ns
    planted = tmp_path / "planted"
    planted.write_text("[default]\ncredential_process = evil\n")
    planted.chmod(0o600)
    plant(path, planted)
    if not os.path.islink(path):
        Path(path).write_text(planted.read_text())
    os.utime(path, ns=(time.time_ns(), unchanged), follow_symlinks=False)
    assert "evil" not in Path(files.shield()["AWS_CONFIG_FILE"]).read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="there the folder's access list protects")
@pytest.mark.parametrize("open_one", ["", "shields"])
def test_a_folder_that_others_may_write_to_holds_no_copy(files, monkeypatch, tmp_path, open_one):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    files.write(f"[default]\n{KEYS}region = x\n")
    assert files.shield()["AWS_CONFIG_FILE"].startswith(files.folder)
    os.chmod(os.path.join(files.folder, open_one), 0o777)
    assert files.shield()["AWS_CONFIG_FILE"].startswith(str(tmp_path))


def test_only_copies_go(files, home):
    (home / "cache" / "shields").mkdir(mode=0o700, parents=True)
    (home / "cache").chmod(0o700)
    other = home / "cache" / "shields" / "letter.txt"
    other.write_text("dear")
    os.utime(other, (0, 0))
    files.write(f"[default]\n{KEYS}")
    files.shield()
    assert other.exists()


def test_copies_that_nobody_used_for_a_month_go(files):
    files.write(f"[default]\n{KEYS}")
    old = files.shield()["AWS_CONFIG_FILE"]
    then = time.time_ns() - 40 * 86400 * 10**9
    os.utime(old, ns=(then, os.stat(old).st_mtime_ns))
    files.write(f"[default]\n{KEYS}region = x\n")
    files.shield()
    assert not os.path.exists(old)


def test_one_in_use_stays(files):
    files.write(f"[default]\n{KEYS}")
    used = files.shield()["AWS_CONFIG_FILE"]
    then = time.time_ns() - 20 * 86400 * 10**9
    os.utime(used, ns=(then, os.stat(used).st_mtime_ns))
    files.shield()
    assert os.stat(used).st_atime > time.time() - 86400


def test_a_folder_that_cannot_be_written(files, home, monkeypatch, tmp_path):
    (home / "cache").write_text("a file where the folder should be")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    files.write(f"[default]\n{KEYS}region = x\n")
    path = files.shield()["AWS_CONFIG_FILE"]
    assert path.startswith(str(tmp_path))
    assert "region = x" in Path(path).read_text()
    if sys.platform != "win32":
        assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
        os.chmod(os.path.dirname(path), 0o755)  # now it might be anybody's
        assert files.shield()["AWS_CONFIG_FILE"] != path
    shutil.rmtree(os.path.dirname(path))


def test_botos_file_is_hidden_where_it_holds_keys(files, home, monkeypatch):
    (home / ".boto").write_text("[GSUtil]\nx = y\n")
    assert files.shield() == {}
    (home / ".boto").write_text(f"[Credentials]\n{KEYS}")
    assert files.shield() == {"BOTO_CONFIG": os.devnull}
    session = files.session(files.shield(), monkeypatch)
    assert _winner(session, monkeypatch) == "container"


def test_a_broken_neighbour_is_nobodys_business(files, monkeypatch):
    files.write(f"[default]\n{KEYS}\n[profile broken]\nno equals sign\n")
    assert "no equals sign" in Path(files.shield()["AWS_CONFIG_FILE"]).read_text()
