"""The MFA parameters of a call: SerialNumber and TokenCode."""

from __future__ import annotations

from runas.testing.aws.callers import Caller
from runas.testing.aws.constraints import Rule, Text
from runas.testing.aws.errors import access_denied
from runas.testing.aws.form import Form

RULES: tuple[Rule, ...] = (
    Text("SerialNumber", 9, 256, r"[\w+=/:,.@-]*"),
    Text("TokenCode", 6, 6, r"[\d]*"),
)
_FAILED = "MultiFactorAuthentication failed, "


def check(caller: Caller, form: Form) -> bool:
    """Tell whether the call proves a second factor; refuse a proof that fails.

    A code counts as used once it was compared, even when the call fails later for another
    reason. (AWS does not say; a client must not rely on using it again.)
    """
    serial, code = form.get("SerialNumber"), form.get("TokenCode")
    if serial is None and code is None:
        return False
    if serial is None or code is None:
        raise access_denied(_FAILED + "must provide both MFA serial number and one time pass code.")
    devices = caller.user.devices if caller.user else []
    device = next((each for each in devices if each.serial == serial), None)
    if device is None or device.secret is None:
        raise access_denied(
            _FAILED + "unable to validate MFA code.  Please verify your MFA serial number is"
            " valid and associated with this user."
        )
    if not device.spend(code):
        raise access_denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")
    return True
