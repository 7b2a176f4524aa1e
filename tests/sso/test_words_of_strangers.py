"""What a service or a browser says reaches the terminal as words, and stdout not at all."""

import json
import re

from runas_sso.testing import Person as Clicker

RETITLED = "pe\x9b31mople\x1b]0;owned\x07\u202e\u2066"


def signed_in(world, name):
    world.center.approve_next()
    assert world.run("login", name).returncode == 0


def test_an_accounts_name_cannot_steer_the_terminal(world) -> None:
    world.center.account("444455556666", RETITLED).role("Developer")
    signed_in(world, "sso")
    for words in (), ("--csv",):
        done = world.run("list", "roles", "sso", *words)
        assert done.returncode == 0, done.stderr
        assert "444455556666" in done.stdout
        assert all(char == "\n" or char.isprintable() for char in done.stdout), done.stdout


def test_what_a_browser_says_is_no_credential(world, person) -> None:
    script = world.home / "talkative"
    script.write_text(f"#!/bin/sh\necho '; rm -rf everything'\nenv > {world.home}/environ\n")
    script.chmod(0o755)
    words = ("--use-device-code", "-O", "json", "sso")
    someone = person(*words, BROWSER=str(script), RUNAS_PASSWORD="c4nary")
    shown = someone.sees("user_code=") + someone.sees("\n")
    Clicker().open(re.search(r"http://\S+user_code=\S+", shown)[0])
    status, out, err = someone.waits()
    assert status == 0, err
    assert json.loads(out)["AccessKeyId"] in world.aws.issued
    assert "c4nary" not in (world.home / "environ").read_text()


def test_nor_can_an_error_that_repeats_words(world) -> None:
    done = world.run("-O", "json", RETITLED)
    assert done.returncode == 78
    assert "there is no profile or role 'pe?31mople" in done.stderr
    assert all(char == "\n" or char.isprintable() for char in done.stderr), done.stderr
