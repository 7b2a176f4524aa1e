"""Run an alias or function of the user's own shell.

What an interactive shell knows it has learned from its start-up files, so it takes an interactive
shell to run it; and that shell must leave the terminal alone, or ``runas p alias | less`` stops:

* ``+m`` keeps zsh, dash and mksh in the process group of runas; fish stays there by itself.
* bash and ksh93 leave the group whatever they are told, and without a terminal bash complains.
  There the interactive shell only *tells* what it knows, in a session of its own without a
  terminal; a plain one learns it and runs the command.
"""

from __future__ import annotations

import os
import sys

from runas.errors import CommandNotFound, RunasError

from .command import find, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A word that no shell reads as anything but a command's name.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.:@,")

# Start a program in a session without a terminal, and without the credentials meant for another.
# macOS has no setsid(1), and no system has a shell built-in for it.
_DETACHED = (
    "import os, sys; os.setsid();"
    " kept = {k: v for k, v in os.environ.items() if not k.startswith('AWS_')};"
    " os.execve(sys.argv[1], sys.argv[2:], kept)"
)

# In this order: extglob decides how a function is read, and no alias may get into one.
_TELL_BASH = "{ shopt -p; declare -p; declare -f; alias -p; printf '\\0'; } >&3"
_TELL_KSH = "{ typeset -p; typeset -f; alias -p; printf '\\0'; } >&3"

# Read up to the NUL, not to the end: a start-up file may leave an agent behind that keeps the pipe
# open. What is read-only cannot be set again, and says so to nobody.
_LEARN = """IFS= read -r -d '' _runas < <({probe} 3>&1 >/dev/null 2>&1 </dev/null)
eval "$_runas" 2>/dev/null; unset _runas
"""
_ALIASES_TOO = "shopt -s expand_aliases\n"  # bash's plain shells know none


def through_shell(argv: Sequence[str], environ: Mapping[str, str]) -> list[str] | None:
    """Return how the user's shell runs *argv*; None where it is a program, or no shell's word.

    Where the shell does not know the word either, that command ends with 127 and one line.
    """
    shell = environ.get("SHELL", "")
    build = _BUILDERS.get(os.path.basename(shell))
    if build is None or not _word(argv[0]) or not _unknown(argv[0], path_of(environ)):
        return None
    try:
        return build(find(shell, path_of(environ)), argv)
    except RunasError:  # $SHELL itself is gone: the command is not found, as without it
        return None


def _word(text: str) -> bool:
    return bool(text) and text[0] not in "-+" and _PLAIN.issuperset(text)


def _unknown(command: str, path: str) -> bool:
    try:
        find(command, path)
    except CommandNotFound:
        return True
    except RunasError:
        return False
    return False


def _posix(shell: str, argv: Sequence[str]) -> list[str]:
    return [shell, "+m", "-i", "-c", _checked(argv)]


def _bash(shell: str, argv: Sequence[str]) -> list[str]:
    learn = _LEARN.format(probe=_probe(shell, _TELL_BASH))
    return [shell, "-c", learn + _ALIASES_TOO + _checked(argv)]


def _ksh(shell: str, argv: Sequence[str]) -> list[str]:
    """Ask the shell which ksh it is: of the others, none knows ``< <()``, and all know ``+m``."""
    learn = _LEARN.format(probe=_probe(shell, _TELL_KSH))
    lines = _checked(argv)
    become = " ".join(map(_quoted, _posix(shell, argv)))
    ask = f'case $KSH_VERSION in *" 93"*) ;; *) exec {become} ;; esac\n'
    return [shell, "-c", f"{ask}eval {_quoted(learn)}\n{lines}"]


def _fish(shell: str, argv: Sequence[str]) -> list[str]:
    word = argv[0]
    line = " ".join([word, *map(_fish_quoted, argv[1:])])
    lost = f"begin; echo {_fish_quoted(_not_found(word))} >&2; exit 127; end"
    return [shell, "-i", "-c", f"type -q {word}; or {lost}\n{line}"]


def _checked(argv: Sequence[str]) -> str:
    """Return the lines to run; an alias counts in lines that are read after its definition.

    The last one has no ``eval``, so that a shell which can becomes the command: signals reach it.
    """
    word = argv[0]
    line = " ".join([word, *map(_quoted, argv[1:])])
    lost = f"{{ echo {_quoted(_not_found(word))} >&2; exit 127; }}"
    return f"command -v {word} >/dev/null 2>&1 || {lost}\n{line}"


def _probe(shell: str, tell: str) -> str:
    words = (sys.executable, "-I", "-c", _DETACHED, shell, shell, "-i", "-c", tell)
    return " ".join(map(_quoted, words))


def _not_found(word: str) -> str:
    return f"runas: {CommandNotFound(f'command not found: {word!r}', 'check its spelling')}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_BUILDERS = {
    "bash": _bash,
    "zsh": _posix,
    "dash": _posix,
    "sh": _posix,
    "mksh": _posix,
    "ksh": _ksh,
    "ksh93": _ksh,
    "fish": _fish,
}
