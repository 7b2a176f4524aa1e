"""What a form sends: pairs of names and values, in the order of the page.

Source: WHATWG HTML, 4.10.22.4 "Constructing the entry list".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runas.html.fields import Button, Control, Field

Pairs = list[tuple[str, str]]
Values = Mapping[str, str | Sequence[str]]
"""What is filled in: a text for a name, or several of them, or none at all."""


def entry_list(controls: Sequence[Control], values: Values, pressed: Button | None) -> Pairs:
    """List what is sent after *values* were filled in and *pressed* was pressed.

    What is filled in takes the places of the controls of its name: boxes and options of that value,
    texts in their order. What fits none of them comes last.
    """
    left = {name: [text] if isinstance(text, str) else [*text] for name, text in values.items()}
    visible = {one.name for one in controls if isinstance(one, Field) and one.type != "hidden"}
    sent: Pairs = []
    for control in controls:
        if isinstance(control, Button):
            sent += control.pairs() if control is pressed else []
        # A person cannot touch the hidden twin that many pages put beside a box.
        elif control.name in left and (control.type != "hidden" or control.name not in visible):
            sent += [(control.name, text) for text in _taken(control, left[control.name])]
        elif control.name:
            sent += [(control.name, text) for text in control.sends]
    sent += [(name, text) for name, rest in left.items() for text in rest]
    if pressed is not None and not any(pressed is control for control in controls):
        sent += pressed.pairs()
    return sent


def _taken(control: Field, left: list[str]) -> list[str]:
    """Take out of *left* what one control sends of it."""
    if control.type in ("checkbox", "radio"):
        fitting = [control.value] if control.value in left else []
    elif control.type == "select":
        fitting = [value for value, _ in control.options if value in left]
    else:
        fitting = left[:1]
    for text in fitting:
        if text in left:
            left.remove(text)
    return fitting
