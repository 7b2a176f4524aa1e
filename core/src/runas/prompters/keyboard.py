"""The bytes that a terminal sends for keys, as names.

Source: ECMA-48 and xterm's ctlseqs ("PC-Style Function Keys"); Ctrl-N, Ctrl-P, Ctrl-U and Ctrl-W do
what they do in a shell.
"""

from __future__ import annotations

__all__ = ["keys_in", "line_of"]

_SEQUENCES = {
    b"\x1b[A": "up",
    b"\x1bOA": "up",
    b"\x1b[B": "down",
    b"\x1bOB": "down",
    b"\x1b[5~": "pageup",
    b"\x1b[6~": "pagedown",
    b"\x1b[H": "home",
    b"\x1bOH": "home",
    b"\x1b[1~": "home",
    b"\x1b[F": "end",
    b"\x1bOF": "end",
    b"\x1b[4~": "end",
}
_CONTROLS = {
    0x04: "close",
    0x08: "backspace",
    0x0A: "enter",
    0x0D: "enter",
    0x0E: "down",
    0x10: "up",
    0x15: "clear",
    0x17: "word",
    0x7F: "backspace",
}


def keys_in(data: bytes) -> tuple[list[str], bytes]:
    """Return the keys that *data* holds, and the bytes of one that is not whole yet.

    A key is a name of more than one letter, or the character itself. Sequences that mean nothing
    here are dropped whole: no half of one becomes text. An escape that nothing follows is the key.
    """
    keys: list[str] = []
    while data:
        if data[0] == 0x1B:
            length = _length(data)
            if length > 1:
                keys += [_SEQUENCES[data[:length]]] if data[:length] in _SEQUENCES else []
            else:
                keys.append("escape")
            data = data[max(length, 1) :]
            continue
        if data[0] < 0x20 or data[0] == 0x7F:
            keys += [_CONTROLS[data[0]]] if data[0] in _CONTROLS else []
            data = data[1:]
            continue
        size = 1 + (data[0] >= 0xC0) + (data[0] >= 0xE0) + (data[0] >= 0xF0)
        if len(data) < size:
            return keys, data
        keys += data[:size].decode("utf-8", "ignore")
        data = data[size:]
    return keys, b""


def line_of(data: bytes) -> str:
    """Return the line that the keys in *data* have made, without what was taken back."""
    line = ""
    for key in keys_in(data)[0]:
        if key == "clear":
            line = ""
        elif key == "backspace":
            line = line[:-1]
        elif len(key) == 1:
            line += key
    return line


def _length(data: bytes) -> int:
    """Return the length of the escape sequence that *data* begins with; 1 for a lone escape."""
    if data[1:2] == b"O":
        return min(len(data), 3)
    if data[1:2] != b"[":
        return 1
    for place, byte in enumerate(data[2:], start=3):
        if 0x40 <= byte <= 0x7E:
            return place
    return len(data)
