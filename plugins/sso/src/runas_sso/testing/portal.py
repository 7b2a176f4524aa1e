"""The portal's API: ListAccounts, ListAccountRoles, GetRoleCredentials, Logout.

Source: botocore's service model ``sso``, 2019-06-10. ForbiddenException is not in the model, but is
what users meet who lack an assignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from runas_sso.testing.records import Account, Login
from runas_sso.testing.wire import Answer, Refusal, Request, invalid, ok

if TYPE_CHECKING:
    from runas_sso.testing.center import IdentityCenter


def list_accounts(center: IdentityCenter, request: Request) -> Answer:
    """List the accounts in which the user has any role."""
    signed_in(center, request)
    accounts = [
        one for one in sorted(center.accounts.values(), key=lambda one: one.id) if one.roles
    ]
    items = [
        {"accountId": one.id, "emailAddress": one.email}
        | ({"accountName": one.name} if one.name else {})  # left out, as AWS may
        for one in accounts
    ]
    return _page(center, request, "accountList", items)


def list_account_roles(center: IdentityCenter, request: Request) -> Answer:
    """List the user's roles in an account."""
    signed_in(center, request)
    account = _account(center, request)
    items = [{"roleName": name, "accountId": account.id} for name in sorted(account.roles)]
    return _page(center, request, "roleList", items)


def get_role_credentials(center: IdentityCenter, request: Request) -> Answer:
    """Issue credentials of a role."""
    signed_in(center, request)
    account, name = _account(center, request), request.query.get("role_name", "")
    if not name:
        raise invalid("role_name is missing")
    if name not in account.roles:
        raise Refusal("ForbiddenException", "No access", 403)
    keys = center.mint(account.id, name, center.user, account.roles[name])
    return ok(
        {
            "roleCredentials": {
                "accessKeyId": keys.access_key_id,
                "secretAccessKey": keys.secret_access_key,
                "sessionToken": keys.session_token,
                "expiration": int(keys.expiration * 1000),
            }
        }
    )


def logout(center: IdentityCenter, request: Request) -> Answer:
    """End the session."""
    signed_in(center, request).ended = True
    return Answer(200)


def signed_in(center: IdentityCenter, request: Request) -> Login:
    """Return the session of the bearer's token."""
    if "authorization" in request.headers:
        raise invalid("this API is not signed")
    token = request.headers.get("x-amz-sso_bearer_token", "")
    for login in center.logins:
        if token in login.access:
            if login.ended or login.access[token] <= center.now():
                break
            return login
    raise Refusal("UnauthorizedException", "Session token not found or invalid", 401)


def _account(center: IdentityCenter, request: Request) -> Account:
    number = request.query.get("account_id", "")
    if not (number.isdigit() and len(number) == 12):
        raise invalid("account_id is no account")
    account = center.accounts.get(number)
    if account is None:
        raise Refusal("ResourceNotFoundException", "no such account", 404)
    if not account.roles:
        raise Refusal("ForbiddenException", "No access", 403)
    return account


def _page(
    center: IdentityCenter, request: Request, name: str, items: Sequence[Mapping[str, Any]]
) -> Answer:
    size = request.query.get("max_result", "20")
    if not size.isdigit() or not 1 <= int(size) <= 100:
        raise invalid("max_result is 1 to 100")
    token = request.query.get("next_token", "")
    start = center.page_tokens.get(token) if token else 0
    if start is None:
        raise invalid("unknown next_token")
    end = start + min(int(size), center.page_size)
    following = center.page_token(end) if end < len(items) else None
    return ok({name: items[start:end], "nextToken": following})
