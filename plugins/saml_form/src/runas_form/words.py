"""What the fields of sign-in pages are called.

Names and ids are written by programmers and are English nearly everywhere; labels are written for
people, so they come in the language of the page and count only where nothing else speaks.
"""

from __future__ import annotations

import re

USERNAME = re.compile(r"user|login|e?mail\b|account|\buid\b|\bupn\b|ident|principal|\bcn\b")
PASSWORD = re.compile(r"pass(?!code|port)|\bpw\b|\bpwd\b|\bpswd\b|secret")
CODE = re.compile(
    r"\b(otp|totp|hotp|mfa|2 ?fa|tfa|pin|tan|sms|token|securid|yubikey)\b|one ?time|verification"
    r"|(?<!post)(?<!postal)(?<!zip)(?<!area)(?<!country)(?<!language) ?code\b"
)
NEW = re.compile(r"\bnew|confirm|repeat|retype|again|verify ?pass")
OLD = re.compile(r"\bold|current")
REMEMBER = re.compile(r"remember|stay|keep|kmsi|persist|trust|rmme|save ?device|dont ?ask")
FORGET = re.compile(r"\b(no|not|dont|don t) ?(remember|trust|keep|stay)")
CAPTCHA = re.compile(r"captcha|turnstile")
LANGUAGE = re.compile(r"\blang|locale|\bskin\b|theme")
CONSENT = re.compile(r"consent|attribute ?release|\bapprove\b|authori[sz]e|oauth ?approval")
TERMS = re.compile(r"\bterms\b|\btou\b|terms ?of|\beula\b|agree(?!ment ?id)|acceptable ?use")
YES = re.compile(
    r"\b(yes|ok|accept|proceed|continue|remember|trust|stay|save|submit|allow|confirm|resume"
    r"|approve|oui|ja|si|sim|weiter|continuer|continuar|next|login|signin|sign in)\b"
)
NO = re.compile(
    r"\b(no|not|cancel|decline|reject|rejected|deny|skip|later|back|logout|sign out|dont|never"
    r"|refuse|nein|non|nee|abbrechen|annuler|cancelar|try another way)\b"
)

LABELS = {
    "username": re.compile(
        r"user|login|e-?mail|benutzer|kennung|anmelde|utilisateur|identifiant|courriel|usuario"
        r"|correo|utente|usuário|utilizador|gebruiker|użytkownik|användar|bruger|bruker|käyttäjä"
        r"|uživatel|felhasználó|kullanıcı|пользовател|логин|имя|ユーザ|用户|帳號|账号|사용자|아이디"
    ),
    "password": re.compile(
        r"password|passwor|kennwort|passwort|mot de passe|contraseña|senha|wachtwoord|hasło"
        r"|lösenord|adgangskode|passord|salasana|heslo|jelszó|parola|пароль|パスワード|密码|密碼|비밀번호"
    ),
    "code": re.compile(
        r"\bcode\b|one-?time|\botp\b|einmal|bestätigungscode|sicherheitscode|à usage unique"
        r"|código|codice|engangs|kertakäyttö|jednoráz|одноразов|\bкод\b|ワンタイム|コード|验证码|驗證碼"
        r"|인증|passcode|kod\b"
    ),
}
"""The last resort: what a person reads beside a field."""

LOCKED = re.compile(
    r"lock(ed)?\b|disabled|suspend|deactivat|blocked|gesperrt|deaktiviert|verrouill|désactivé"
    r"|bloquead|bloccat|geblokkeerd|zablokowan|заблокирован|too many|zu viele|trop de"
)
"""An account that is closed, said on the page: where the status and the structure do not tell."""


def clue(*texts: str) -> str:
    """Write names as words: ``j_userName-1`` becomes ``j user name 1``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", " ".join(texts))
    return re.sub(r"[^a-z0-9]+", " ", spaced.lower()).strip()
