"""Let the pages of the workspace that stand outside docs/ join the site of `make docs`.

mkdocs knows one folder. Here the others get an address in the site, and every link between two
pages of the checkout is written anew, so that the same text works on both.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "benchmarks/README.md": "benchmarks.md",
    **{
        file.relative_to(ROOT).as_posix(): f"providers/{file.parent.name}.md"
        for file in sorted(ROOT.glob("plugins/*/README.md"))
    },
}
INSIDE = {address: path for path, address in OUTSIDE.items()}
LINK = re.compile(r"\]\((?!\w+:)([^)\s#]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from outside."""
    for path, address in OUTSIDE.items():
        files.append(File.generated(config, address, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write the links of a page for the site."""
    address = page.file.src_uri
    folder = posixpath.dirname(INSIDE.get(address, f"docs/{address}"))

    def anew(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[1]))
        target = OUTSIDE.get(path, path.removeprefix("docs/"))
        return f"]({posixpath.relpath(target, posixpath.dirname(address) or '.')}"

    return LINK.sub(anew, markdown)
