# ruff: noqa: E501 - markup reads best unbroken
"""Sign-in pages modelled on those of products: what each asks, and what must come back.

Written for these tests after the products' documentation and behaviour; no page is a copy.
"""

from dataclasses import dataclass, field

from runas_form.testing import Screen

from .conftest import CODE, PASSWORD

NOTHING: tuple[str, ...] = ()


@dataclass
class Product:
    """A product's pages, the questions that they lead to, and the answers to choices."""

    screens: list[Screen]
    asks: list[str]
    picks: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    not_sent: tuple[str, ...] = ()


def body(text: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Sign in</title></head><body>{text}</body></html>"


FORM = '<form {more} action="$action" method="post">$token{inputs}</form>'


def form(inputs: str, more: str = "") -> str:
    return FORM.format(inputs=inputs, more=more)


KEYCLOAK_LOGIN = Screen(
    body(
        "<h1 id=kc-page-title>Sign in to your account</h1>"
        + form(
            '<label for="username">Username or email</label>'
            '<input tabindex="1" id="username" name="username" value="" type="text" autofocus'
            ' autocomplete="off"/>'
            '<label for="password">Password</label>'
            '<input id="password" name="password" type="password" autocomplete="off"/>'
            '<button type="button" aria-label="Show password">o</button>$error'
            '<input id="rememberMe" name="rememberMe" type="checkbox"> Remember me'
            '<input type="hidden" id="id-hidden-input" name="credentialId" value=""/>'
            '<input name="login" id="kc-login" type="submit" value="Sign In"/>',
            'id="kc-form-login"',
        )
        + '<a id="social-github" href="/broker/github">GitHub</a>'
    ),
    {"username": "alice", "password": PASSWORD, "login": "Sign In", "rememberMe": "on"},
    refusal='<span id="input-error" class="pf-c-form__helper-text pf-m-error" aria-live="polite">'
    "Invalid username or password.</span>",
    user="username",
)
KEYCLOAK_OTP = Screen(
    body(
        form(
            '<input id="kc-otp-credential-0" type="radio" name="selectedCredentialId" value="id-0"'
            ' checked="checked"><label for="kc-otp-credential-0">Phone</label>'
            '<input id="kc-otp-credential-1" type="radio" name="selectedCredentialId" value="id-1">'
            '<label for="kc-otp-credential-1">Tablet</label>'
            '<label for="otp">One-time code</label><input id="otp" name="otp" autocomplete="off"'
            ' type="text"/>$error<input name="login" type="submit" value="Sign In"/>',
            'id="kc-otp-login-form"',
        )
        + '<form id="kc-select-try-another-way-form" action="$action" method="post">'
        '<input type="hidden" name="tryAnotherWay" value="on"/><a href="#">Try Another Way</a></form>'
    ),
    {"otp": CODE, "selectedCredentialId": "id-1", "tryAnotherWay": None},
    refusal='<span id="input-error-otp-code">Invalid authenticator code.</span>',
)
KEYCLOAK_KEY = Screen(
    body(
        form(
            '<input type="hidden" name="clientDataJSON"/><input type="hidden" name="signature"/>',
            'id="webauth"',
        )
        + '<form action="$action" method="post">$token'
        '<input type="hidden" name="tryAnotherWay" value="on"/></form>'
        "<script>authenticateByWebAuthn({})</script>"
    ),
    {"tryAnotherWay": "on"},
)
KEYCLOAK_SELECT = Screen(
    body(
        "<h1>Select login method</h1>"
        + form(
            '<button type="submit" name="authenticationExecution" value="x1"><h2>Passkey</h2></button>'
            '<button type="submit" name="authenticationExecution" value="x2">'
            "<h2>Authenticator Application</h2></button>",
            'id="kc-select-credential-form"',
        )
    ),
    {"authenticationExecution": "x2"},
)
KEYCLOAK_CODE = Screen(
    body(form('<input id="otp" name="otp"><input type="submit" name="login" value="Sign In">')),
    {"otp": CODE},
)
KEYCLOAK_OLD_LOGIN = Screen(
    body(
        '<DIV id="kc-page-title">Log In</DIV>$error'
        + form(
            '<label for="username">Username</label><input id="username" name="username" value="">'
            '<input id="password" name="password" type="password">'
            '<input name="login" id="kc-login" type="submit" value="Log In"/>',
            'id="kc-form-login" onsubmit="login.disabled = true; return true;"',
        )
    ),
    {"username": "alice", "password": PASSWORD, "login": "Log In"},
    refusal='<div class="alert alert-error"><span class="pficon pficon-error-circle-o"></span>'
    '<span class="kc-feedback-text">Invalid username or password.</span></div>',
    user="username",
)
KEYCLOAK_OLD_CODE = Screen(
    body(
        form(
            '<label for="totp">One-time code</label><input id="totp" name="totp" type="text" autofocus>'
            '<input name="login" id="kc-login" type="submit" value="Log In"/>',
            'id="kc-totp-login-form"',
        )
    ),
    {"totp": CODE, "login": "Log In"},
)
KEYCLOAK_CONTINUE = Screen(
    "<HTML><HEAD><TITLE>SAML HTTP Post Binding</TITLE></HEAD>"
    '<BODY Onload="document.forms[0].submit()"><FORM METHOD="POST" ACTION="$action">$token'
    '<INPUT TYPE="HIDDEN" NAME="RelayState" VALUE="x"/><NOSCRIPT><P>JavaScript is disabled.</P>'
    '<INPUT name="continue" TYPE="SUBMIT" VALUE="CONTINUE"/></NOSCRIPT></FORM></BODY></HTML>',
    {"RelayState": "x"},
)
KEYCLOAK_NAME = Screen(
    body(
        form(
            '<label for="username">Username or email</label>'
            '<input id="username" name="username" value="" type="text" autofocus>'
            '<input name="login" id="kc-login" type="submit" value="Sign In"/>',
            'id="kc-form-login"',
        )
    ),
    {"username": "alice", "login": "Sign In"},
    user="username",
)
KEYCLOAK_PASSWORD = Screen(
    body(
        '<div id="kc-username"><label id="kc-attempted-username">alice</label></div>'
        + form(
            '<input id="password" name="password" type="password" autocomplete="on" autofocus>'
            '<div id="input-error-password">$error</div>'
            '<input name="login" id="kc-login" type="submit" value="Sign In"/>',
            'id="kc-form-login"',
        )
    ),
    {"password": PASSWORD, "login": "Sign In"},
    refusal="Invalid password.",
)
SITEMINDER_LOGIN = Screen(
    body(
        form(
            '<input type="text" name="USER"><input type="password" name="PASSWORD">'
            '<input type="hidden" name="SMENC" value="UTF-8"><input type="hidden" name="target" value="t">'
            '<input type="submit" value="Login">',
            'name="Login"',
        )
    ),
    {"USER": "alice", "PASSWORD": PASSWORD, "SMENC": "UTF-8", "target": "t"},
    user="USER",
)
SHIBBOLETH_STORAGE = Screen(
    body(
        form(
            '<input type="hidden" name="shib_idp_ls_exception.shib_idp_session_ss"/>'
            '<input type="hidden" name="shib_idp_ls_success.shib_idp_session_ss" value="false"/>'
            '<noscript>Press Continue.<input type="submit" name="_eventId_proceed"'
            ' value="Continue"></noscript>',
            'name="form1"',
        )
        + "<script>function doLoad() {"
        + "x();" * 600
        + "document.form1.submit(); }</script>"
    ),
    {"_eventId_proceed": "Continue"},
)
SHIBBOLETH_LOGIN = Screen(
    body(
        form(
            '<input type="hidden" name="csrf_token" value="c1">'
            "<legend>Login to Amazon Web Services</legend>$error"
            '<label for="username">Username</label><input id="username" name="j_username" value="">'
            '<label for="password">Password</label>'
            '<input type="password" id="password" name="j_password" value="">'
            '<input type="checkbox" name="donotcache" value="1" id="donotcache">'
            '<label for="donotcache">Don\'t Remember Login</label>'
            '<input type="checkbox" name="_shib_idp_revokeConsent" value="true" id="revoke">'
            '<button type="submit" name="_eventId_proceed">Login</button>'
        )
    ),
    {
        "j_username": "alice",
        "j_password": PASSWORD,
        "_eventId_proceed": "",
        "csrf_token": "c1",
        "donotcache": None,
        "_shib_idp_revokeConsent": None,
    },
    refusal='<p class="output-message output--error">The password you entered was incorrect.</p>',
    user="j_username",
)
SHIBBOLETH_CONSENT = Screen(
    body(
        "<h1>Information to be provided to the service</h1>"
        + form(
            '<input type="checkbox" name="_shib_idp_consentIds" value="mail" checked>'
            '<input type="checkbox" name="_shib_idp_consentIds" value="awsRoles" checked>'
            '<input type="checkbox" name="_shib_idp_consentIds" value="displayName">'
            '<input type="hidden" name="_shib_idp_consentIds" value="eduPersonEntitlement">'
            '<input type="radio" name="_shib_idp_consentOptions" value="_shib_idp_doNotRememberConsent"'
            ' id="a"><label for="a">Ask me again at next login</label>'
            '<input type="radio" name="_shib_idp_consentOptions" value="_shib_idp_rememberConsent"'
            ' id="b" checked><label for="b">Ask me again if information changes</label>'
            '<input type="radio" name="_shib_idp_consentOptions"'
            ' value="_shib_idp_globalConsent" id="c"><label for="c">Do not ask me again</label>'
            '<input type="submit" name="_eventId_AttributeReleaseRejected" value="Reject">'
            '<input type="submit" name="_eventId_proceed" value="Accept">'
        )
    ),
    {
        "_eventId_proceed": "Accept",
        "_eventId_AttributeReleaseRejected": None,
        "_shib_idp_consentIds": ("mail", "awsRoles", "eduPersonEntitlement"),
        "_shib_idp_consentOptions": ("_shib_idp_rememberConsent",),
    },
)
SIMPLESAML_LOGIN = Screen(
    body(
        "$error"
        + form(
            '<input id="username" type="text" name="username" value="">'
            '<input id="password" type="password" name="password">'
            '<select name="organization"><option value="staff">Staff</option>'
            '<option value="students">Students</option></select>'
            '<input type="hidden" name="AuthState" value="_1"><button id="submit_button">Login</button>',
            'id="f" name="f"',
        )
    ),
    {"username": "alice", "password": PASSWORD, "organization": "students", "AuthState": "_1"},
    refusal='<div class="message-box error"><h3>Error</h3>Incorrect username or password.</div>',
    user="username",
)
SIMPLESAML_SOURCES = Screen(
    body(
        "<h2>Select an authentication source</h2>"
        + form(
            '<input type="hidden" name="AuthState" value="_2">'
            '<input type="submit" name="src-bGRhcA" value="LDAP">'
            '<input type="submit" name="src-bG9jYWw" value="Local accounts">'
        )
    ),
    {"src-bG9jYWw": "Local accounts", "src-bGRhcA": None},
)
LEMONLDAP_LOGIN = Screen(
    body(
        "$error"
        + form(
            '<input type="hidden" name="url" value="aHR0cA=="/><input type="hidden" name="timezone"/>'
            '<input id="userfield" name="user" type="text" value="" trplaceholder="login" required/>'
            '<input id="passwordfield" name="password" type="password" required/>'
            '<input type="checkbox" id="checkLogins" name="checkLogins"/>'
            '<input type="checkbox" id="stayconnected" name="stayconnected" value="1"/>'
            '<button type="submit" class="btn btn-success"><span trspan="connect">Connect</span>'
            "</button>",
            'id="lform" class="login"',
        )
    ),
    {"user": "alice", "password": PASSWORD, "checkLogins": None, "stayconnected": "1"},
    refusal='<div class="message message-negative alert" role="alert"><span trmsg="5"></span></div>',
    user="user",
)
LEMONLDAP_CHOICE = Screen(
    body(
        form(
            '<button type="submit" name="sf" value="u2f"><img alt="U2F key" src="u.png"></button>'
            '<button type="submit" name="sf" value="totp"><img alt="TOTP" src="t.png"></button>'
        )
        + '<a href="/?cancel=1">Cancel</a>'
    ),
    {"sf": "totp"},
)
LEMONLDAP_CODE = Screen(
    body(
        form('<input name="code" value="" type="text" id="extcode" autocomplete="one-time-code"/>'
             '<button type="submit">Connect</button>')
    ),
    {"code": CODE},
)  # fmt: skip
PING_LOGIN = Screen(
    body(
        "$error"
        + form(
            '<input type="text" name="pf.username" id="username" autocorrect="off">'
            '<input type="password" name="pf.pass" id="password">'
            '<input type="hidden" name="pf.ok" value=""><input type="hidden" name="pf.cancel" value="">'
            '<input type="hidden" name="pf.adapterId" id="pf.adapterId" value="form">'
            '<a onclick="postOk();">Sign On</a>'
        )
    ),
    {
        "pf.username": "alice",
        "pf.pass": PASSWORD,
        "pf.ok": "clicked",
        "pf.cancel": "",
        "pf.adapterId": "form",
    },
    refusal='<div class="ping-error">We didn\'t recognize the username or password.</div>',
    user="pf.username",
)
PING_CODE = Screen(
    body(
        form(
            '<input type="hidden" name="csrfToken" value="x"><input type="text" name="otp" id="otp">'
            '<input type="submit" value="Sign On">',
            'id="otp-form"',
        )
    ),
    {"otp": CODE, "csrfToken": "x"},
)
CAS_LOGIN = Screen(
    body(
        '<form method="get" action="/search" role="search"><input name="q" type="search"></form>'
        + form(
            '<section><label for="username">Username:</label>'
            '<input id="username" size="25" type="text" name="username" autocapitalize="none"/>'
            '<input type="password" id="password" name="password" autocomplete="off"/></section>'
            '<input type="checkbox" name="rememberMe" id="rememberMe" value="true"/>'
            '<input type="hidden" name="execution" value="e1"/>'
            '<input type="hidden" name="_eventId" value="submit"/>'
            '<input type="hidden" name="geolocation"/>$error'
            '<button name="submitBtn" value="LOGIN">LOGIN</button>',
            'id="fm1"',
        )
    ),
    {"username": "alice", "password": PASSWORD, "_eventId": "submit", "execution": "e1"},
    refusal='<div class="banner banner-danger alert"><p>Authentication attempt has failed.</p></div>',
    user="username",
)
CAS_TOKEN = Screen(
    body(
        form(
            '<label for="token">Token</label><input id="token" name="token" type="password">'
            '<input type="hidden" name="_eventId" value="submit"><button name="login">Login</button>'
        )
    ),
    {"token": CODE, "_eventId": "submit"},
)
GLUU_LOGIN = Screen(
    body(
        form(
            '<input type="hidden" name="loginForm" value="loginForm">'
            '<input type="text" name="loginForm:username" placeholder="Username">'
            '<input type="password" name="loginForm:password" placeholder="Password">'
            '<input type="submit" name="loginForm:loginButton" value="Login">'
            '<input type="hidden" name="javax.faces.ViewState" value="s1">',
            'id="loginForm"',
        )
    ),
    {
        "loginForm:username": "alice",
        "loginForm:password": PASSWORD,
        "loginForm:loginButton": "Login",
        "javax.faces.ViewState": "s1",
    },
    user="loginForm:username",
)
SIMPLESAML_CONSENT = Screen(
    body(
        form(
            '<input type="hidden" name="StateId" value="_3">'
            '<input type="checkbox" name="saveconsent" value="1"> Remember'
            '<button type="submit" name="yes" id="yesbutton">Yes, continue</button>',
            'id="consent_yes"',
        )
        + '<form action="/no" method="get"><input type="hidden" name="StateId" value="_3">'
        '<button type="submit" name="no">No, cancel</button></form>'
    ),
    {"yes": "", "StateId": "_3"},
)
STAY = Screen(
    body(
        "<p>Stay signed in?</p>"
        + form(
            '<button name="stay" value="no">No</button><button name="stay" value="yes">Yes</button>'
        )
    ),
    {"stay": "yes"},
)
NAME_FIRST = Screen(
    body(form('<input name="identifier" autocomplete="username webauthn"><button>Next</button>')),
    {"identifier": "alice"},
    user="identifier",
)
# The name stays on the page, and one password field is marked so that no browser fills it in.
THEN_PASSWORD = Screen(
    body(
        form(
            '<input name="identifier" value="alice" autocomplete="username" readonly>'
            '<input type="password" name="credential" autocomplete="new-password">'
            "<button>Sign in</button>"
        )
    ),
    {"identifier": "alice", "credential": PASSWORD},
)
UNNAMED = Screen(
    body(
        form(
            '<input name="IDToken0" style="display: none" value="">'
            '<label for="x1">Benutzername</label><input name="IDToken1" id="x1">'
            '<label for="x2">Kennwort</label><input name="IDToken2" id="x2" type="password">'
            '<input type="submit" name="Login.Submit" value="Anmelden">'
        )
    ),
    {"IDToken0": "", "IDToken1": "alice", "IDToken2": PASSWORD},
    user="IDToken1",
)
WITH_CODE = Screen(
    body(
        form(
            '<input name="username"><input name="password" type="password">'
            '<input name="otp" required placeholder="6-digit code"><button>Go</button>'
        )
    ),
    {"username": "alice", "password": PASSWORD, "otp": CODE},
    user="username",
)
WITH_REGISTRATION = Screen(
    body(
        '<form method="post" action="/register"><input name="email" type="email">'
        '<input name="password" type="password"><input name="password_confirm" type="password">'
        "<button>Register</button></form>"
        + form('<input name="email" type="email"><input name="password" type="password">')
    ),
    {"email": "alice", "password": PASSWORD},
    user="email",
)
QUESTION = Screen(
    body(form('<label for="a">What was your first pet?</label><input name="answer" id="a">')),
    {"answer": CODE},
)
DISCOVERY = Screen(
    body(
        "<h1>Choose your organisation</h1>"
        + form(
            '<select name="idpentityid"><option value="-">Select</option>'
            '<option value="urn:a">University A</option><option value="urn:b">University B</option>'
            '</select><input type="submit" name="submit" value="Select">'
        )
    ),
    {"idpentityid": "urn:b"},
)

SIGN_IN = ["Username", "Password"]

PRODUCTS = {
    "keycloak": Product([KEYCLOAK_LOGIN], SIGN_IN),
    "keycloak with two devices": Product(
        [KEYCLOAK_LOGIN, KEYCLOAK_OTP], [*SIGN_IN, "Choice", "Code"], ["Tablet"]
    ),
    "keycloak with a key and another way": Product(
        [KEYCLOAK_LOGIN, KEYCLOAK_KEY, KEYCLOAK_SELECT, KEYCLOAK_CODE],
        [*SIGN_IN, "Choice", "Code"],
        ["Authenticator"],
    ),
    "keycloak of old": Product(
        [KEYCLOAK_OLD_LOGIN, KEYCLOAK_OLD_CODE, KEYCLOAK_CONTINUE], [*SIGN_IN, "Code"]
    ),
    "keycloak, the name first": Product([KEYCLOAK_NAME, KEYCLOAK_PASSWORD], SIGN_IN),
    "siteminder before pingfederate": Product([SITEMINDER_LOGIN, PING_CODE], [*SIGN_IN, "Code"]),
    "shibboleth": Product([SHIBBOLETH_STORAGE, SHIBBOLETH_LOGIN, SHIBBOLETH_CONSENT], SIGN_IN),
    "simplesamlphp with organisations": Product(
        [SIMPLESAML_LOGIN], ["Choice", *SIGN_IN], ["Students"]
    ),
    "simplesamlphp, answered by the profile": Product(
        [SIMPLESAML_SOURCES, SIMPLESAML_LOGIN, SIMPLESAML_CONSENT],
        SIGN_IN,
        settings={"form_fields": "organization=students, src-bG9jYWw=Local accounts"},
    ),
    "simplesamlphp with sources": Product(
        [SIMPLESAML_SOURCES, SIMPLESAML_LOGIN, SIMPLESAML_CONSENT],
        ["Choice", "Choice", *SIGN_IN],
        ["Local", "Students"],
    ),
    "lemonldap": Product([LEMONLDAP_LOGIN, LEMONLDAP_CODE], [*SIGN_IN, "Code"]),
    "lemonldap with a choice": Product(
        [LEMONLDAP_LOGIN, LEMONLDAP_CHOICE, LEMONLDAP_CODE], [*SIGN_IN, "Choice", "Code"], ["totp"]
    ),
    "pingfederate": Product([PING_LOGIN, PING_CODE], [*SIGN_IN, "Code"]),
    "cas": Product([CAS_LOGIN, CAS_TOKEN], [*SIGN_IN, "Code"]),
    "gluu": Product([GLUU_LOGIN], SIGN_IN),
    "name first": Product([NAME_FIRST, THEN_PASSWORD, STAY], SIGN_IN),
    "openam, by labels": Product([UNNAMED], SIGN_IN),
    "a code beside the password": Product([WITH_CODE], [*SIGN_IN, "Code"]),
    "a registration beside the login": Product([WITH_REGISTRATION], SIGN_IN),
    "a question": Product([CAS_LOGIN, QUESTION], [*SIGN_IN, "Code"]),
    "discovery": Product([DISCOVERY, CAS_LOGIN], ["Choice", *SIGN_IN], ["University B"]),
}  # fmt: skip
