"""How pages are read: nothing that a page has somebody write or type is passed over."""

import pytest

from .pages import Page, Step, rows

PAGE = """\
Try `runas new PROFILE`, `aws` or `pip
install it`; again `runas new PROFILE`.

    # ~/.aws/config
    [profile x]
    a = b

    runas x --long \\
        --option    # and a remark
    runas --set a=b

```ini
[profile y]
```

```console
$ runas y         # status 78
$ runas new PROFILE
```

* in a list

  ```sh
  runas z
  ```
"""


def test_all_of_a_page_in_its_order():
    assert Page(PAGE).steps == [
        Step("command", "runas new PROFILE"),
        Step("command", "pip install it"),
        Step("ini", "# ~/.aws/config\n[profile x]\na = b"),
        Step("command", "runas x --long --option"),
        Step("command", "runas --set a=b"),
        Step("ini", "[profile y]\n"),
        Step("command", "runas y", 78),
        Step("sh", "runas z\n"),
    ]


def test_a_page_by_its_kinds():
    page = Page(PAGE)
    assert page.kinds == ["ini", "ini", "sh"]
    assert page.profiles == ["# ~/.aws/config\n[profile x]\na = b", "[profile y]\n"]
    assert page.spans == ["runas new PROFILE", "pip install it"]
    assert [step.text for step in page.blocks][-3:] == ["runas y", "runas new PROFILE", "runas z\n"]
    assert page.commands == [step.text for step in page.steps if step.kind == "command"]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("```console\nrunas x\n```\n", "not typed: runas x"),
        ("```console\n$ runas x\n", "does not end"),
    ],
)
def test_what_cannot_be_told_is_no_page(text, fact):
    with pytest.raises(AssertionError, match=fact):
        Page(text)


def test_the_rows_of_tables():
    text = "| a | b |\n| --- | --- |\n| `x \\| y` | z |\n\n| c |\n| --- |\n| d |\n"
    assert list(rows(text)) == [("a", ["`x | y`", "z"]), ("c", ["d"])]
