"""What a provider brings to ``runas sandbox``: its fake, and profiles that sign in to it.

A provider that ships its fake as ``<module>.testing`` may add ``<module>.testing.sandbox`` with one
function::

    def offer(world: World) -> Offer:
        idp = world.enter(AcmeIdp(issue=world.federate("acme").issue))
        idp.user(USER, PASSWORD)
        ...

The sandbox opens every fake it finds and closes it at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from runas.testing.saml import SamlIdp

if TYPE_CHECKING:
    from runas.testing.aws import AwsEmulator

USER, PASSWORD = "alice@example.com", "sandbox"
"""Who signs in to every fake provider of a sandbox, and how."""

_ACCOUNT = "123456789012"

T = TypeVar("T")


@dataclass(frozen=True)
class Offer:
    """Profiles (name to settings), steps to demonstrate, banner lines, and variables to set.

    A step is a sentence and the words behind ``runas``; the word ``WHO`` stands for a program that
    tells whom AWS takes it for.
    """

    profiles: Mapping[str, Mapping[str, str]]
    steps: Sequence[tuple[str, Sequence[str]]] = ()
    lines: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Federation:
    """An identity provider that accounts of the sandbox trust, and the roles it leads to."""

    idp: SamlIdp = field(repr=False)
    provider_arn: str
    developer: str
    jump: str
    target: str

    def issue(self, username: str) -> str:
        """Make the SAML response that the provider posts to AWS, in base64."""
        roles = [(self.developer, self.provider_arn), (self.jump, self.provider_arn)]
        return self.idp.response(roles, session_name=username, name_id=username)


@dataclass
class World:
    """The sandbox while it is being furnished."""

    aws: AwsEmulator
    _stack: ExitStack

    def enter(self, fake: AbstractContextManager[T]) -> T:
        """Start a fake; it stops with the sandbox."""
        return self._stack.enter_context(fake)

    def federate(self, name: str) -> Federation:
        """Let an account trust a new identity provider; make roles for it, one behind a jump."""
        account = self.aws.account(_ACCOUNT)
        idp = SamlIdp(entity_id=f"https://{name}.example/entity")
        provider = account.saml_provider(name, idp)
        developer = account.role(f"{name}-developer", [provider])
        jump = account.role(f"{name}-jump", [provider])
        target = account.role(f"{name}-deploy", [jump])
        return Federation(idp, provider.arn, developer.arn, jump.arn, target.arn)


def offers(modules: Sequence[str], world: World) -> list[Offer]:
    """Collect what the providers of these modules offer; most offer nothing, and that is fine."""
    found = []
    for module in modules:
        name = f"{module}.testing.sandbox"
        if _exists(f"{module}.testing") and _exists(name):
            found.append(import_module(name).offer(world))
    return found


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False
