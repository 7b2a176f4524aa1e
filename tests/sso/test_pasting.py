"""The browser is on another machine: where it ended may be pasted at the terminal."""

import json
import re
import socket

from runas_sso.testing.person import Person as Clicker

SSH = {"SSH_CONNECTION": "192.0.2.1 5000 192.0.2.2 22"}
REDIRECT = ("--set", "use_device_code=false", "--no-browser")
PROMPT = "paste that page's address: "


def ended_at(someone) -> tuple[str, str]:
    """Let the browser elsewhere allow it; return the address that it cannot open, and its code."""
    shown = someone.sees(PROMPT)
    address = re.search(r"open (http://\S+)", shown)
    assert address, shown
    last = Clicker().ends_at(address.group(1))
    code = re.search("code=([^&]+)", last)
    assert code, last
    return last, code.group(1)


def test_the_address_is_pasted_after_a_wrong_one(world, person) -> None:
    record = world.home / "record"
    words = (*REDIRECT, "-vv", "--record", str(record), "-O", "json", "sso")
    someone = person(*words, **SSH)
    right, code = ended_at(someone)
    shown = ""
    for wrong in (re.sub("state=[^&]+", "state=x", right), right.replace("127.0.0.1", "[::1]")):
        someone.types(wrong + "\r")
        told = someone.sees(PROMPT)
        assert told.count("\n") == 2, told
        assert "that is not where this sign-in ends" in told
        shown += told
    someone.types(right + "\n")
    status, out, err = someone.waits()
    assert status == 0, err
    assert json.loads(out)["AccessKeyId"] in world.aws.issued
    assert "/token" in record.read_text()
    assert code not in record.read_text()
    assert code not in shown + someone.shown + out + err
    assert someone.echo


def test_nothing_is_kept_from_the_command(world, person) -> None:
    """Also where its own terminal is the one that was read."""
    script = 'read -r line && echo "read: $line"'
    for paste in True, False:
        someone = person(*REDIRECT, "sso", "sh", "-c", script, streams="tty", **SSH)
        last, code = ended_at(someone)
        if paste:
            someone.types(last + "\rtwo words\r")
        else:
            Clicker().open(last)
            someone.sees("\n")
            someone.types("two words\r")
        told = someone.sees("read: two words")
        assert code not in told
        assert someone.waits()[0] == 0
        assert world.run("logout", "sso").returncode == 0


def test_ctrl_c_leaves_nothing_behind(world, person) -> None:
    someone = person(*REDIRECT, "login", "sso", **SSH)
    last, code = ended_at(someone)
    someone.types(last[:-5])
    someone.types("\x03")
    status, out, err = someone.waits()
    assert status == 130, err
    assert code not in someone.shown + out + err
    assert someone.echo
    assert world.run("-O", "json", "sso").returncode == 75


def test_a_fixed_port_comes_back_by_itself(world, person) -> None:
    """As with ``ssh -L``: somebody asks for a port, so the redirect it is, in spite of SSH."""
    someone = person("--redirect-port", str(free_port()), "--no-browser", "login", "sso", **SSH)
    last, _ = ended_at(someone)
    Clicker().open(last)
    assert someone.waits()[0] == 0
    assert world.run("-O", "json", "sso").returncode == 0


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
