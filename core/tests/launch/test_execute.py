"""Finding a command, and becoming it."""

import json
import os
import signal
import sys

import pytest

from runas.errors import CommandNotExecutable, CommandNotFound
from runas.launch.execute import find

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

SH = "#!/bin/sh\n"


@pytest.fixture
def folder(tmp_path):
    def put(name, text=SH, mode=0o755):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    return put


def test_the_first_executable_of_the_path_is_found(folder, tmp_path):
    folder("a/tool", mode=0o644)
    (tmp_path / "b" / "tool").mkdir(parents=True)
    right = folder("c/tool")
    folder("d/tool")
    path = os.pathsep.join(str(tmp_path / name) for name in ("missing", "a", "b", "c", "d"))
    assert find("tool", path) == right


def test_a_name_with_a_slash_is_not_sought(folder, tmp_path, monkeypatch):
    folder("tool")
    monkeypatch.chdir(tmp_path)
    assert find("./tool", "/nowhere") == "./tool"


def test_an_empty_entry_is_the_working_directory(folder, tmp_path, monkeypatch):
    folder("tool")
    monkeypatch.chdir(tmp_path)
    assert find("tool", "/nowhere:") == "tool"


@pytest.mark.parametrize("command", ["nosuch", "./nosuch", "/no/such", "", "no such\n"])
def test_what_is_nowhere_is_not_found(command, tmp_path):
    with pytest.raises(CommandNotFound) as caught:
        find(command, str(tmp_path))
    assert caught.value.status == 127
    assert "\n" not in str(caught.value)


def test_what_is_no_executable_says_so(folder, tmp_path):
    path = folder("tool", mode=0o644)
    for command in ("tool", path):
        with pytest.raises(CommandNotExecutable, match="chmod") as caught:
            find(command, str(tmp_path))
        assert caught.value.status == 126
    with pytest.raises(CommandNotExecutable, match="folder"):
        find(str(tmp_path), "")


@pytest.mark.parametrize("program", ["runas", "execute"])
@pytest.mark.parametrize(
    ("text", "mode", "status", "words"),
    [
        (SH + "exit 0\n", 0o755, 0, ""),
        (SH + "exit 1\n", 0o755, 1, ""),
        (SH + "exit 2\n", 0o755, 2, ""),
        (SH + "exit 255\n", 0o755, 255, ""),
        ('echo "no header: $1"; exit 4\n', 0o755, 4, "no header: a b"),
        ("#!/no/such/interpreter\n", 0o755, 126, "interpreter"),
        ("\x7fELF\0\1\necho ran; exit 3\n", 0o755, 126, "another kind of machine"),
        (SH, 0o644, 126, "not executable"),
        (None, 0, 127, "no such command"),
    ],
)
def test_the_exit_status_is_the_commands(programs, run, folder, program, text, mode, status, words):
    path = folder("tool", text, mode) if text is not None else "/no/such/tool"
    done = run(*programs(program), path, "a b")
    assert done.returncode == status
    assert words in done.stdout + done.stderr
    assert done.stderr.count("\n") == (status in (126, 127))


@pytest.mark.parametrize("name", ["TERM", "KILL", "HUP", "SEGV"])
def test_death_by_a_signal_is_128_and_its_number(programs, run, name):
    done = run(*programs("runas"), "sh", "-c", f"kill -{name} $$")
    assert done.returncode == 128 + getattr(signal, f"SIG{name}")
    assert done.stderr == ""


ARGUMENTS = [
    *("a b", " ", "", "it's", '"double"', "$HOME", "`id`", "$(id)", "back\\slash", "\\", "!x"),
    *("new\nline", "tab\t", "ünïcödé \N{PILE OF POO}", "-v", "--", "--help", "*", "?", "~"),
    *("a;b", "a&b", "a|b", "<x>", "#x", "%PATH%", "^", "{a,b}", "[x]", "=x", "\x01", "x" * 5000),
]


@pytest.mark.parametrize("program", ["runas", "execute"])
def test_arguments_arrive_unchanged(programs, run, program):
    show = "import json, sys; print(json.dumps(sys.argv[1:]))"
    done = run(*programs(program), sys.executable, "-c", show, *ARGUMENTS)
    assert json.loads(done.stdout) == ARGUMENTS


@pytest.mark.parametrize("program", ["runas", "execute"])
def test_the_command_finds_signals_as_they_were(programs, run, program):
    """Python ignores SIGPIPE and runas blocks signals; neither is to be inherited."""
    if not os.path.exists("/proc/self/status"):
        pytest.skip("needs /proc")
    told = run(*programs(program), "sed", "-n", r"s/^Sig\(Blk\|Ign\):\t//p", "/proc/self/status")
    # 32 and 33 are the C library's own; its posix_spawn() leaves them ignored.
    assert [int(mask, 16) & 0x7FFFFFFF for mask in told.stdout.split()] == [0, 0]


def test_nohup_holds_for_the_command(programs, run):
    line = 'trap "" HUP; "$@"'
    words = [*programs("runas"), "sh", "-c", "kill -HUP $$; exit 9"]
    assert run("sh", "-c", line, "sh", *words).returncode == 9


@pytest.mark.requires("bash")
@pytest.mark.parametrize("program", ["runas", "execute"])
def test_a_reader_that_leaves_ends_the_command(programs, run, program):
    line = '"$@" yes | head -n 1; echo ${PIPESTATUS[0]}'
    done = run("bash", "-c", line, "bash", *programs(program))
    assert done.stdout.split() == ["y", "141"]
    assert done.stderr == ""
