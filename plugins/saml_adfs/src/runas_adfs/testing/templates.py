"""The pages of an AD FS farm, version by version, in our own words and AD FS's ids and names.

Versions: ``2.0`` (ASP.NET web forms), ``3.0`` (Windows Server 2012 R2), ``2016``, ``2019`` (the
paginated theme: a script shows first the name, then the password, of one form),
``2019-paginated`` (the server asks for the name on a page of its own) and ``2022``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from runas_adfs.testing.words import LANGUAGES

VERSIONS = ("2.0", "3.0", "2016", "2019", "2019-paginated", "2022")

_STATE = (
    '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUK+view=="/>'
    '<input type="hidden" name="__EVENTVALIDATION" value="/wEWBALrZ+valid="/>'
)
"""What ASP.NET hides in each of its forms, and wants back."""


@dataclass(frozen=True)
class Templates:
    """The pages of one version in one language. ``address`` is where the page's form goes."""

    version: str
    language: str

    @property
    def words(self) -> dict[str, str]:
        """The texts of the language."""
        return LANGUAGES[self.language]

    @property
    def old(self) -> bool:
        """Tell the web forms of 2.0 from the pages of all later versions."""
        return self.version == "2.0"

    def shell(self, title: str, content: str, onload: str = "") -> str:
        """Put a page around its content."""
        load = f' onload="{onload}"' if onload else ""
        return (
            f'<!DOCTYPE html>\n<html lang="{self.language}"><head><meta charset="utf-8">'
            f"<title>{escape(title)}</title>"
            '<link rel="stylesheet" href="/adfs/portal/css/style.css?id=4F6A"></head>'
            f'<body dir="ltr" class="body"{load}><div id="noScript">{self.words["script"]}</div>'
            f'<div id="fullPage"><div id="header">Contoso</div>{content}'
            '<div id="footer"><span id="copyright">&#169; 2016 Microsoft</span></div></div>'
            "</body></html>"
        )

    def error_box(self, text: str) -> str:
        """Show an error where the version shows it; empty where there is none."""
        if self.old:
            shown = escape(text)
            return f'<span id="ctl00_ContentPlaceHolder1_ErrorTextLabel">{shown}</span>'
        tag = "label" if self.version == "3.0" else "span"
        hidden = "" if text else ' style="display:none"'
        return (
            f'<div id="error" class="fieldMargin error smallText"{hidden}>'
            f'<{tag} id="errorText" for="">{escape(text)}</{tag}></div>'
        )

    def login(self, address: str, error: str = "", name: str = "", step: str = "both") -> str:
        """Ask for name and password; *step* is ``name`` or ``password`` where asked in turn."""
        if self.old:
            return self._login_web_forms(address, error)
        fields = self._name_fields(name, step)
        if step != "name":
            hidden = ' style="display:none"' if self.version == "2019" else ""
            fields += (
                f'<div id="passwordArea"{hidden}><input id="passwordInput" name="Password" '
                'type="password" tabindex="2" placeholder="Password" autocomplete="off"/></div>'
            )
        form = (
            f'<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" '
            f'onKeyPress="" action="{escape(address)}">{self.error_box(error)}'
            f'<div id="formsAuthenticationArea">{fields}'
            '<div id="kmsiArea"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true"/>'
            '<label for="kmsiInput">Keep me signed in</label></div>'
            '<span id="submitButton" class="submit" tabindex="4" '
            f'onclick="return Login.submitLoginRequest();">{self.words["signin"]}</span></div>'
            '<input id="optionForms" type="hidden" name="AuthMethod" '
            'value="FormsAuthentication"/></form>'
        )
        return self.shell(self.words["title"], form + self.options(address, ()))

    def _name_fields(self, name: str, step: str) -> str:
        if step == "password":
            return (
                f'<input type="hidden" name="UserName" value="{escape(name)}"/>'
                f'<div id="identityBanner">{escape(name)}</div>'
            )
        kind = "text" if self.version in ("3.0", "2022") else "email"
        button = '<span id="nextButton">&gt;</span>' if "2019" in self.version else ""
        return (
            f'<div id="userNameArea"><input id="userNameInput" name="UserName" type="{kind}" '
            f'value="{escape(name)}" tabindex="1" class="text fullWidth"/></div>{button}'
        )

    def _login_web_forms(self, address: str, error: str) -> str:
        names = "ctl00$ContentPlaceHolder1$"
        form = (
            f'<form name="aspnetForm" method="post" action="{escape(address)}" id="aspnetForm">'
            f"<div>{_STATE}"
            '<input type="hidden" name="__EVENTTARGET" value=""/>'
            '<input type="hidden" name="__db" value="15"/></div>'
            '<table class="UsernamePasswordTable">'
            f'<tr><td><input name="{names}UsernameTextBox" type="text"/></td></tr>'
            f'<tr><td><input name="{names}PasswordTextBox" type="password"/></td></tr>'
            f'<tr><td class="TextColorError">{self.error_box(error)}</td></tr></table>'
            f'<input type="submit" name="{names}SubmitButton" '
            f'value="{self.words["signin"]}"/></form>'
        )
        return self.shell(self.words["title"], form)

    def options(self, address: str, methods: Sequence[str]) -> str:
        """Make the part that switches the method: ``form#options`` and its links."""
        links = "".join(
            f'<div class="authOption"><a id="{method}" class="actionLink" href="#" '
            f"onclick=\"SelectOption('{method}'); return false;\">{escape(label(method))}</a></div>"
            for method in methods
        )
        return (
            f'<div id="authOptions"><form id="options" method="post" action="{escape(address)}">'
            "<script>function SelectOption(option) { var i = document.getElementById("
            "'optionSelection'); i.value = option; document.forms['options'].submit(); }</script>"
            '<input id="optionSelection" type="hidden" name="AuthMethod"/>'
            f'<div class="groupMargin">{links}</div></form></div>'
        )

    def second(
        self,
        address: str,
        hidden: Mapping[str, str],
        content: str,
        error: str = "",
        others: Sequence[str] = (),
    ) -> str:
        """Make an MFA adapter's page: its form has no action, ``form#options`` has."""
        inputs = "".join(
            f'<input id="{name[0].lower()}{name[1:]}" type="hidden" name="{name}" '
            f'value="{escape(value)}"/>'
            for name, value in hidden.items()
        )
        area = (
            f'<div id="authArea"><div id="mfaGreetingDescription">{self.words["choose"]}</div>'
            f'<form method="post" id="loginForm" autocomplete="off">{inputs}{content}'
            f"{self.error_box(error)}</form></div>"
        )
        return self.shell(self.words["title"], area + self.options(address, others))

    def choice(self, address: str, methods: Sequence[str]) -> str:
        """Let the person choose a method."""
        text = f'<div id="authArea"><p>{self.words["choose"]}</p></div>'
        return self.shell(self.words["title"], text + self.options(address, methods))

    def homes(self, address: str, homes: Mapping[str, str]) -> str:
        """Ask where the person's account is: home-realm discovery."""
        if self.old:
            return self._homes_web_forms(address, homes)
        tiles = "".join(
            f'<div class="idp" tabindex="1" role="button" aria-label="{escape(shown)}" '
            f"onclick=\"HRD.selection('{escape(home)}'); return false;\">{escape(shown)}</div>"
            for home, shown in homes.items()
        )
        return self.shell(
            self.words["title"],
            f'<div id="hrdArea"><form id="hrd" method="post" autocomplete="off" '
            f'action="{escape(address)}">{self.error_box("")}'
            f'<p>{self.words["home"]}</p><input id="hrdSelection" type="hidden"/>{tiles}'
            '<div id="emailArea"><input id="emailInput" name="Email" type="email" value=""/>'
            '<input type="submit" name="HomeRealmByEmail" value="Next"/></div></form></div>',
        )

    def _homes_web_forms(self, address: str, homes: Mapping[str, str]) -> str:
        names = "ctl00$ContentPlaceHolder1$PassiveIdentityProvidersDropDownList"
        return self.shell(
            self.words["title"],
            f'<form name="aspnetForm" method="post" action="{escape(address)}" id="aspnetForm">'
            f"{_STATE}"
            f'<select name="{names}">{_options(homes)}</select><input type="submit" '
            'name="ctl00$ContentPlaceHolder1$PassiveSignInButton" value="Continue"/></form>',
        )

    def sites(self, address: str, sites: Mapping[str, str]) -> str:
        """Ask which relying party the person wants."""
        if self.old:
            start = "ctl00$ContentPlaceHolder1$"
            radio = (
                f'<input type="radio" name="{start}SignIn" value="ThisRpRadioButton" checked/>'
                f'<input type="radio" name="{start}SignIn" value="OtherRpRadioButton"/>'
            )
            listed, go = f"{start}RelyingPartyDropDownList", f"{start}SignInButton"
            hidden = _STATE
        else:
            radio = (
                '<input id="idp_ThisRpRadioButton" name="SignInIdpSite" type="radio" '
                'value="SignInIdpSite" checked/><input id="idp_OtherRpRadioButton" type="radio" '
                'name="SignInOtherSite" value="SignInOtherSite"/>'
            )
            listed, go, hidden = "RelyingParty", "SignInSubmit", ""
        return self.shell(
            self.words["title"],
            f'<form method="post" id="idpForm" autocomplete="off" action="{escape(address)}">'
            f"{hidden}{radio}<label>{self.words['sites']}</label>"
            f'<select id="idp_RelyingPartyDropDownList" name="{listed}">{_options(sites)}</select>'
            f'<input id="idp_SignInButton" name="{go}" type="submit" value="Sign in"/></form>',
        )

    def failure(self, text: str, code: str = "") -> str:
        """Say that the farm itself cannot go on."""
        return self.shell(
            self.words["error"],
            f'<div id="errorArea"><div id="openingMessage" class="groupMargin bigText">'
            f'{self.words["error"]}</div><div id="errorMessage" class="groupMargin">{escape(text)}'
            f'</div><div id="errorDetails"><ul><li id="activityId">Activity ID: '
            f"00000000-0000-0000-2f00-0080000000e4</li><li>{code}</li></ul></div></div>",
        )

    def change_password(self, address: str, notice: str, *, forced: bool) -> str:
        """Ask for a new password; where it is not forced, there is a way past."""
        skip = f'<input type="submit" id="skipButton" name="Skip" value="{self.words["skip"]}"/>'
        fields = "".join(
            f'<input id="{name}" name="{name[0].upper()}{name[1:]}" type="password"/>'
            for name in ("oldPassword", "newPassword", "confirmNewPassword")
        )
        return self.shell(
            self.words["title"],
            f'<div id="updatePasswordArea"><form method="post" id="updatePasswordForm" '
            f'action="{escape(address)}"><div id="expiredNotification">{escape(notice)}</div>'
            f'<input id="userNameInput" name="UserName" type="text"/>{fields}'
            f'<input type="submit" id="submitButton" name="Submit" value="OK"/>'
            f"{'' if forced else skip}</form></div>",
        )

    def notice(self, address: str, text: str) -> str:
        """Show something to be read, with a button to go on."""
        return self.shell(
            self.words["title"],
            f'<div id="pwdExpiryArea"><p id="pwdExpiryNotification">{escape(text)}</p>'
            f'<form method="post" id="pwdExpiryForm" action="{escape(address)}">'
            '<input type="hidden" name="Continue" value="1"/><input type="submit" '
            f'id="continueButton" value="{self.words["skip"]}"/></form></div>',
        )

    def assertion(self, acs: str, response: str) -> str:
        """Hand the response to the browser, which posts it on."""
        return self.shell(
            self.words["working"],
            f'<form method="POST" name="hiddenform" action="{escape(acs)}"><input type="hidden" '
            f'name="SAMLResponse" value="{escape(response)}"/><noscript><p>{self.words["script"]}'
            '</p><input type="submit" value="Submit"/></noscript></form><script>'
            "window.setTimeout('document.forms[0].submit()', 0);</script>",
        )


def label(method: str) -> str:
    """Name a method as the farm's administrators did."""
    return {"AzureMfaAuthentication": "Azure Multi-Factor Authentication"}.get(method, method)


def _options(entries: Mapping[str, str]) -> str:
    return "".join(
        f'<option value="{escape(value)}">{escape(shown)}</option>'
        for value, shown in entries.items()
    )
