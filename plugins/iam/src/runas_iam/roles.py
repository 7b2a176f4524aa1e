"""List the roles that an IAM user's own and groups' policies, inline and attached, name.

Needs iam:ListUserPolicies, GetUserPolicy, ListAttachedUserPolicies, ListGroupsForUser,
ListGroupPolicies, GetGroupPolicy, ListAttachedGroupPolicies, GetPolicy and GetPolicyVersion. What
may not be read is left out, and said.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import runas
from runas.aws import clients, sts
from runas.aws.iam import pages
from runas_iam import keys
from runas_iam.policies import Statement, allowed, statements

notice = logging.getLogger("runas.notice")

_AT_ONCE = 8
_USER = re.compile(r"arn:[^:]+:iam::\d{12}:user/(?:.*/)?([^/]+)")


def offered(profile: runas.Profile, identity: runas.KeyIdentity) -> list[runas.Role]:
    """Return the roles named in full, then those that a pattern allows."""
    own = keys.long_term(profile)
    try:
        return _read(profile, identity.credentials)
    except (sts.SignInKeysRefused, runas.AccessDenied):
        # Session tokens without MFA may not call IAM at all; the user's own keys may.
        if own is None or own == identity.credentials:
            raise
        return _read(profile, own)


def _read(profile: runas.Profile, credentials: runas.Credentials) -> list[runas.Role]:
    me = sts.caller(profile, credentials)
    user = _USER.fullmatch(me.arn)
    if user is None:
        raise runas.Refused(
            f"only an IAM user's roles can be listed, and this is {me.arn}",
            "list those of the profile that holds the user's keys",
        )
    reader = _Reader(profile, clients.client("iam", profile, credentials))
    documents = reader.documents(user[1])
    variables = {
        "aws:username": user[1],
        "aws:userid": me.user_id,
        "aws:principalaccount": me.account_id,
    }
    known: list[Statement] = [
        each for document in documents for each in statements(document, variables)
    ]
    partition = me.arn.split(":", 2)[1]
    arns = {_role_arn(text, partition) for text in allowed(known)}
    found = [runas.Role(arn) for arn in arns if arn]
    return sorted(found, key=lambda role: (role.pattern, str(role)))


class _Reader:
    """Fetch policy documents, several at a time; a policy that may not be read is counted."""

    def __init__(self, profile: runas.Profile, iam: Any) -> None:
        self._profile = profile
        self._iam = iam
        self._denied: list[runas.AccessDenied] = []

    def documents(self, user: str) -> list[Any]:
        """Return every policy document of the user and of the user's groups."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            groups = self._try(
                partial(self._names, "list_groups_for_user", "Groups", UserName=user)
            )
            with clients.complete():
                holders = [("user", user), *(("group", each["GroupName"]) for each in groups)]
            listed = pool.map(self._try, [partial(self._policies, *each) for each in holders])
            wanted = {key: fetch for found in listed for key, fetch in found}
            fetched = pool.map(self._try, wanted.values())
            documents = [document for found in fetched for document in found]
        if self._denied and not documents:
            raise runas.AccessDenied(
                self._denied[0].fact, "reading your own policies needs iam:Get* and iam:List*"
            )
        if self._denied:
            notice.warning("some policies may not be read: the list of roles may be incomplete")
        return documents

    def _try(self, step: Callable[[], Sequence[Any]]) -> Sequence[Any]:
        try:
            return step()
        except runas.AccessDenied as denied:
            self._denied.append(denied)
            return ()

    def _names(self, operation: str, key: str, **parameters: str) -> list[Any]:
        return list(pages(self._iam, operation, self._profile, key, **parameters))

    def _policies(self, kind: str, name: str) -> list[tuple[str, Callable[[], Sequence[Any]]]]:
        """List a user's or group's policies, each with what fetches its document."""
        return [*self._inline(kind, name), *self._attached(kind, name)]

    def _inline(self, kind: str, name: str) -> Iterator[tuple[str, Callable[[], Sequence[Any]]]]:
        holder = {f"{kind.title()}Name": name}
        list_all = partial(self._names, f"list_{kind}_policies", "PolicyNames", **holder)
        for policy in self._try(list_all):
            fetch = partial(self._document, f"get_{kind}_policy", PolicyName=policy, **holder)
            yield f"{kind}/{name}/{policy}", fetch

    def _attached(self, kind: str, name: str) -> Iterator[tuple[str, Callable[[], Sequence[Any]]]]:
        operation = f"list_attached_{kind}_policies"
        holder = {f"{kind.title()}Name": name}
        for policy in self._try(partial(self._names, operation, "AttachedPolicies", **holder)):
            with clients.complete():
                arn = policy["PolicyArn"]
            yield arn, partial(self._managed, arn)

    def _document(self, operation: str, **parameters: str) -> list[Any]:
        answer = clients.call(self._iam, operation, self._profile, **parameters)
        with clients.complete():
            return [answer["PolicyDocument"]]

    def _managed(self, arn: str) -> list[Any]:
        """Fetch the default version of a managed policy."""
        policy = clients.call(self._iam, "get_policy", self._profile, PolicyArn=arn)
        with clients.complete():
            newest = policy["Policy"]["DefaultVersionId"]
        version = clients.call(
            self._iam, "get_policy_version", self._profile, PolicyArn=arn, VersionId=newest
        )
        with clients.complete():
            return [version["PolicyVersion"]["Document"]]


def _role_arn(text: str, partition: str) -> runas.RoleArn | None:
    """Read a Resource as a role or a pattern of roles; None where it can mean no role."""
    if "*" not in text and "?" not in text:
        try:
            return runas.RoleArn.parse(text)
        except ValueError:
            return None
    fields = text.split(":", 5)
    fields += ["*"] * (6 - len(fields))
    if fields[2] not in ("iam", "*") or fields[3] not in ("", "*"):
        return None
    literal = re.split(r"[*?]", fields[5])[0]
    if not (literal.startswith("role/") or "role/".startswith(literal)):
        return None
    head, _, name = ("/" + fields[5].removeprefix("role/")).rpartition("/")
    name = name if literal.startswith("role/") else "*"
    named = fields[1] if fields[1].startswith("aws") and "*" not in fields[1] else partition
    return runas.RoleArn(named, fields[4] or "*", head + "/", name)
