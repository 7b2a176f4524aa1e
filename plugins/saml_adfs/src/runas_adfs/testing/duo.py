"""A Duo service beside the farm, at an origin of its own: what its adapters talk to.

Three generations: the iframe (``duo-frame``), the Universal Prompt (``duo``) and its successor
under ``/prompt`` (``duo-pwl``). A push takes ``user.polls`` looks; codes are spent once.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from runas_adfs.testing import duo_pages as pages
from runas_adfs.testing.server import Reply, Request, Server, redirect
from runas_adfs.testing.state import Login, User

if TYPE_CHECKING:
    from runas_adfs.testing.farm import AdfsFarm

STEP_UP = "417"
_BROWSER = ("parent", "java_version", "flash_version", "screen_resolution_width",
            "screen_resolution_height", "color_depth")  # fmt: skip
"""What a browser tells of itself as it opens the frame; each may be empty."""
APP = "APP|bWV8RElYWFh8MTY|sig"


@dataclass
class Attempt:
    """One visit of a browser to Duo: ``sid`` (or ``authkey``) is its name."""

    adapter: str
    login: Login
    where: str
    sid: str = field(default_factory=lambda: secrets.token_hex(16))
    xsrf: str = field(default_factory=lambda: secrets.token_hex(8))
    txid: str = ""
    factor: str = ""
    polls: int = 0
    outcome: str = ""
    cookie: str = ""
    ready: bool = False

    @property
    def user(self) -> User:
        """The account that is signing in."""
        assert self.login.user is not None
        return self.login.user


class Duo:
    """Duo's side of a login, and what the farm's Duo adapter makes of it."""

    def __init__(self, farm: AdfsFarm) -> None:
        self.farm = farm
        self.server = Server(self.answer)
        self.attempts: dict[str, Attempt] = {}

    # The adapter: what AD FS shows and takes back.

    def begin(self, adapter: str, where: str, login: Login) -> Reply:
        """Show the page that leads to Duo."""
        from runas_adfs.testing.adapters import page

        attempt = Attempt(adapter, login, where)
        self.attempts[attempt.sid] = attempt
        if adapter == "duo-frame":
            script = pages.init(self.server.host, f"TX|{attempt.sid}|sig:{APP}")
            return page(self.farm, where, login, adapter, script)
        context = escape(login.renew())
        target = f"{self.server.url}/oauth/v1/authorize?request={attempt.sid}"
        form = (
            f'<form id="adfs_form" method="post" action="{target}"><input type="hidden" '
            f'name="adfs_context" value="{context}"/><input type="hidden" name="adfs_auth_method" '
            'value="DuoAdfsAdapter"/></form>'
        )
        shell = self.farm.pages.shell("Duo", form, "document.forms[0].submit()")
        return Reply(shell)

    def returned(self, adapter: str, form: dict[str, str], where: str, login: Login) -> Reply:
        """Check what the browser brought back from Duo."""
        proof = form.get("sig_response") if adapter == "duo-frame" else form.get("duo_code")
        for attempt in self.attempts.values():
            cookie = f"{attempt.cookie}:{APP}" if adapter == "duo-frame" else attempt.cookie
            if attempt.login is login and attempt.cookie and proof == cookie:
                attempt.cookie = ""
                login.satisfied = True
                return self.farm.token(login)
        return self.farm.lost("MSIS7055")

    # The service.

    def answer(self, request: Request) -> Reply:
        """Answer one request to Duo."""
        path = request.path
        if path.startswith("/prompt/"):
            return self._pwl(request, path.split("/", 3)[3])
        routes = {
            "/frame/web/v1/auth": self._frame,
            "/oauth/v1/authorize": self._authorize,
            "/frame/frameless/v4/auth": self._frameless,
            "/frame/v4/auth/prompt/data": self._data,
            "/frame/v4/oidc/exit": self._exit,
        }
        if path in routes:
            return routes[path](request)
        attempt = self.attempts.get({**request.query, **request.form}.get("sid", ""))
        if attempt is None:
            return Reply("Session expired", 403)
        return self._with_sid(request, attempt, path)

    def _with_sid(self, request: Request, attempt: Attempt, path: str) -> Reply:
        if request.method == "GET":
            return Reply(pages.prompt(attempt))
        if path.endswith("/prompt"):
            return self._prompt(request, attempt)
        if path.endswith("/status"):
            return self._status(request, attempt)
        if path == f"/frame/status/{attempt.txid}" and attempt.outcome == "allow":
            attempt.cookie = f"AUTH|{secrets.token_hex(12)}|sig"
            return ok({"cookie": attempt.cookie, "parent": self.farm.url})
        return Reply("Not Found", 404)

    def _frame(self, request: Request) -> Reply:
        sid = request.query.get("tx", "").split("|")[1:2]
        attempt = self.attempts.get(sid[0] if sid else "")
        parent = request.query.get("parent", "")
        told = request.form.keys() >= set(_BROWSER) and request.query.get("v") == "2.3"
        if attempt is None or not told or not parent or request.form["parent"] != parent:
            return Reply("Access denied", 403)
        return redirect(f"/frame/prompt?sid={attempt.sid}")

    def _authorize(self, request: Request) -> Reply:
        attempt = self.attempts.get(request.query.get("request", ""))
        if attempt is None or request.form.get("adfs_context") != attempt.login.context:
            return Reply("Access denied", 403)
        if attempt.adapter == "duo-pwl":
            return Reply(pages.landing(attempt))
        return redirect(f"/frame/frameless/v4/auth?sid={attempt.sid}&tx=jwt.{attempt.sid}")

    def _frameless(self, request: Request) -> Reply:
        attempt = self.attempts.get(request.query.get("sid", ""))
        if attempt is None or request.query.get("tx") != f"jwt.{attempt.sid}":
            return Reply("Access denied", 403)
        if request.method == "GET":
            return Reply(pages.features(attempt))
        form = request.form
        if form.get("tx") != f"jwt.{attempt.sid}" or form.get("_xsrf") != attempt.xsrf:
            return Reply("XSRF", 403)
        if form.get("parent") != "None":
            return Reply("Bad Request", 400)
        return redirect(f"/frame/v4/auth/prompt?sid={attempt.sid}")

    def _data(self, request: Request) -> Reply:
        attempt = self.attempts.get(request.query.get("sid", ""))
        if attempt is None or request.query.get("post_auth_action") != "OIDC_EXIT":
            return Reply("{}", 400, kind="application/json")
        phone = {"index": "phone1", "key": "DPX1", "name": "iPhone", "end_of_number": "4567"}
        order = [
            {"deviceKey": "DPX1", "factor": "Duo Push"},
            {"deviceKey": "DPX1", "factor": "Phone Call"},
            {"deviceKey": "DPX1", "factor": "Duo Mobile Passcode"},
        ]
        return ok({"phones": [phone], "auth_method_order": order})

    def _prompt(self, request: Request, attempt: Attempt) -> Reply:
        form = request.form
        attempt.factor, attempt.polls, attempt.outcome = form.get("factor", ""), 0, ""
        if attempt.factor == "Passcode":
            code = form.get("passcode", "")
            attempt.outcome = "allow" if code in attempt.user.codes else "deny"
            if attempt.outcome == "allow":
                attempt.user.codes.remove(code)
        elif attempt.factor not in ("Duo Push", "Phone Call") or form.get("device") != "phone1":
            return Reply(json.dumps({"stat": "FAIL", "message": "Unknown factor"}), 200)
        attempt.txid = secrets.token_hex(8)
        return ok({"txid": attempt.txid})

    def look(self, attempt: Attempt) -> str:
        """Return what has become of a push so far: ``wait``, ``allow``, ``deny``, ``timeout``."""
        attempt.polls += 1
        if not attempt.outcome and attempt.polls >= attempt.user.polls:
            decided = {"approve": "allow", "reject": "deny", "timeout": "timeout"}
            attempt.outcome = decided.get(attempt.user.answer, "")
        return attempt.outcome or "wait"

    def _status(self, request: Request, attempt: Attempt) -> Reply:
        if request.form.get("txid") != attempt.txid:
            return Reply("Unknown transaction", 403)
        outcome = self.look(attempt)
        if outcome == "wait":
            code = "pushed" if attempt.factor == "Duo Push" else "calling"
            waiting: dict[str, object] = {"status_code": code, "status": "Waiting for you"}
            if attempt.adapter == "duo" and code == "pushed":
                shown = {"step_up_code": STEP_UP}
                waiting["risk_based_factor_selection_data"] = shown
            return ok(waiting)
        if outcome != "allow":
            return ok({"result": "FAILURE", "status_code": outcome, "status": "No."})
        done = {"result": "SUCCESS", "status_code": "allow", "status": "Success"}
        if attempt.adapter == "duo-frame":
            done["result_url"] = f"/frame/status/{attempt.txid}"
        return ok(done)

    def _exit(self, request: Request) -> Reply:
        form = request.form
        attempt = self.attempts.get(form.get("sid", ""))
        fits = attempt and form.get("txid") == attempt.txid and form.get("_xsrf") == attempt.xsrf
        whole = attempt and form.get("factor") == attempt.factor
        whole = whole and form.keys() >= {"device_key", "dampen_choice"}
        if attempt is None or not (fits and whole) or attempt.outcome != "allow":
            return Reply("Access denied", 403)
        return self.back(attempt)

    def back(self, attempt: Attempt) -> Reply:
        """Send the browser back to AD FS with a code."""
        attempt.cookie = f"duo.{secrets.token_hex(12)}"
        where = attempt.where if "://" in attempt.where else self.farm.url + attempt.where
        return Reply(pages.back(where, attempt))

    def _pwl(self, request: Request, path: str) -> Reply:
        sent = json.loads(request.body or b"{}") if request.method == "POST" else request.query
        attempt = self.attempts.get(str(sent.get("authkey", "")))
        sent_by_script = (
            request.headers.get("x-duo-req-trace-group") == "trace-1"
            and request.headers.get("x-requested-with") == "XMLHttpRequest"
            and request.headers.get("accept") == "application/json"
        )
        if attempt is None or not (sent_by_script or path == "done"):
            return Reply("{}", 403, kind="application/json")
        if path == "pre_authn/initialization":
            attempt.ready = True
            return ok({})
        if path == "done":
            return self.back(attempt) if attempt.outcome == "allow" else Reply("", 403)
        if not attempt.ready:
            return Reply("{}", 400, kind="application/json")
        return self._pwl_factor(path, sent, attempt)

    def _pwl_factor(self, path: str, sent: dict[str, str], attempt: Attempt) -> Reply:
        if path == "auth/payload":
            return ok(pages.PAYLOAD)
        if path == "auth/factors/mobile_otp":
            return self._pwl_code(sent.get("mobile_otp", ""), attempt)
        if path in ("auth/factors/push/auth", "auth/factors/phone_call"):
            attempt.polls, attempt.outcome = 0, ""
            push = path.endswith("/auth")
            return ok({"push_txid": "t1", "step_up_code": STEP_UP} if push else {"txid": "t1"})
        if path in ("auth/factors/push/status", "auth/factors/phone_call/poll"):
            said = {"allow": "SUCCESS", "deny": "DENY", "timeout": "TIMEOUT", "wait": "WAITING"}
            word = said[self.look(attempt)]
            return ok({"result": {"status_code": word} if "push" in path else word})
        if path == "auth/finalize_auth" and attempt.outcome == "allow":
            return ok({"url": f"{self.server.url}/prompt/AK1/done?authkey={attempt.sid}"})
        return Reply("{}", 404, kind="application/json")

    def _pwl_code(self, code: str, attempt: Attempt) -> Reply:
        attempt.outcome = "allow" if code in attempt.user.codes else ""
        if attempt.outcome:
            attempt.user.codes.remove(code)
            return ok({"result": "SUCCESS"})
        return Reply(json.dumps({"stat": "FAIL", "code": 40103, "message": "No"}), 400)


def ok(response: object) -> Reply:
    """Answer in Duo's envelope."""
    return Reply(json.dumps({"stat": "OK", "response": response}), kind="application/json")
