"""The controls of a form: what a person fills in or presses, and what goes along unseen."""

from __future__ import annotations

from dataclasses import dataclass, field

UNSEEN = ("hidden", "file")
"""Types of fields that are nobody's to fill in here."""


@dataclass(frozen=True)
class Field:
    """One control that is not a button.

    ``type`` is the input's (``text`` where none is given), or ``select`` or ``textarea``. Radio
    buttons of one name are one field each, told apart by ``value`` and ``label``. ``options``
    are the values and texts of a select that may be chosen. ``sends`` is what goes out under its
    name when nobody touches it: nothing for an unticked box, several values for a list of several.
    """

    name: str
    type: str = "text"
    id: str = ""
    label: str = ""
    placeholder: str = ""
    autocomplete: str = ""
    value: str = field(default="", repr=False)
    checked: bool = False
    options: tuple[tuple[str, str], ...] = ()
    sends: tuple[str, ...] = field(default=(), repr=False)

    @property
    def secret(self) -> bool:
        """Tell a password or one-time code by its markup."""
        tokens = self.autocomplete.lower().split()
        kinds = {"one-time-code", "current-password", "new-password"}
        return self.type == "password" or not kinds.isdisjoint(tokens)


@dataclass(frozen=True)
class Button:
    """A submit button; its name and value are sent when it is pressed, and only then.

    ``type`` is ``submit``, or ``image`` for one that sends where it was clicked.
    """

    name: str
    value: str = field(default="", repr=False)
    text: str = ""
    id: str = ""
    action: str = ""
    method: str = ""
    type: str = "submit"

    def pairs(self) -> list[tuple[str, str]]:
        """Return what a press adds; an image's corner stands for wherever it is clicked."""
        if self.type == "image":
            prefix = f"{self.name}." if self.name else ""
            return [(f"{prefix}x", "0"), (f"{prefix}y", "0")]
        return [(self.name, self.value)] if self.name else []


Control = Field | Button
