"""What is known of one login at one org; it travels with the second factor, and has no secret."""

from __future__ import annotations

from dataclasses import dataclass, field

ROUNDS = 4
"""How often an org may ask for another factor, or an app for its own, before we leave."""


@dataclass(frozen=True)
class Visit:
    """One login. ``origin`` is that of the sign-in page; ``app`` is where the assertion is had.

    ``hint`` is the name in the profile, ``username`` the one that was given. ``password_sent``
    keeps a server from being sent the password twice; ``rounds`` counts how often a second factor
    was asked for.
    """

    app: str = field(repr=False)
    origin: str
    hint: str = ""
    username: str = ""
    remember: bool = True
    password_sent: bool = False
    rounds: int = 0
