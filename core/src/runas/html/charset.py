"""Which characters the bytes of a page mean.

Source: WHATWG Encoding Standard and HTML, "Determining the character encoding".
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_META = re.compile(
    rb"<meta\b[^>]{0,400}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)

# Those of the standard only: Python knows codecs that are no character sets, and slow ones.
_KNOWN = re.compile(
    r"utf-8|utf-16(-[lb]e)?|iso8859-\d+|cp\d+|koi8-[ru]|gb2312|gbk|gb18030|big5(hkscs)?"
    r"|euc_(jp|kr)|shift_jis|iso2022_jp|ascii|mac-roman|hz"
)
# Browsers read these as the wider set that Windows made of them.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_LOOKED_AT = 4096  # bytes; the standard asks for the first 1024


def decode(content: bytes, content_type: str) -> tuple[str, str]:
    """Return the text and the name of its character set; what is undecodable becomes U+FFFD."""
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace"), name
    header = _HEADER.search(content_type)
    meta = _META.search(content[:_LOOKED_AT])
    stated = (_codec(header[1]) if header else "") or _codec(meta[1].decode() if meta else "")
    if stated:
        return content.decode(stated, "replace"), stated
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8"), "utf-8"
    return content.decode("cp1252", "replace"), "cp1252"


def form_charset(page: str, accepted: str) -> str:
    """Choose the set a form is sent in: the first that it accepts, else the page's own.

    A page in UTF-16 is answered in UTF-8, as browsers do.
    """
    names = [_codec(each) for each in accepted.replace(",", " ").split()]
    chosen = next(filter(None, names), page)
    return "utf-8" if chosen.startswith("utf-16") else chosen


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name, name) if _KNOWN.fullmatch(name) else ""
