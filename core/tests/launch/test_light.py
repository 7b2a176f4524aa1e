"""What every cached command loads of these rooms."""

import sys

import pytest

HEAVY = """
    argparse boto3 botocore contextlib dataclasses enum hashlib http inspect json logging pathlib
    re selectors shutil signal socket subprocess tempfile threading typing urllib
""".split()

ENVIRONMENT = "import runas.launch.environment, runas.launch.execute"
ENDPOINT = ENVIRONMENT + ", runas.launch.supervise, runas.launch.shield, runas.serve.listener"
STARTED = (
    ENDPOINT + "\nimport os\nfrom runas.serve.listener import Listener\n"
    "from runas.launch.supervise import Child\n"
    "listener = Listener.open()\n"
    "child = Child.start(['true'], {**os.environ, **listener.variables()})"
)


@pytest.mark.skipif(sys.platform == "win32", reason="a command is started by subprocess there")
@pytest.mark.parametrize("code", [ENVIRONMENT, ENDPOINT, STARTED])
def test_nothing_heavy_is_loaded(run, code):
    tell = f"{code}\nimport sys\nprint(*sys.modules)\n"
    done = run(sys.executable, "-I", "-c", tell)
    assert done.returncode == 0, done.stderr
    before = set(run(sys.executable, "-I", "-c", "import sys; print(*sys.modules)").stdout.split())
    loaded = set(done.stdout.split()) - before
    assert not loaded & set(HEAVY)
    ours = {name for name in loaded if name.startswith("runas")}
    assert len(loaded - ours) <= 8
