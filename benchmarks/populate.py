"""How the time to populate a config grows: 2,500 and 5,000 pairs into a config of 10,000 profiles.

    python benchmarks/populate.py

Linear means a ratio of 2 at most; the config that is there already makes it less.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from runas.cli.populate_names import Names, Style
from runas.cli.populate_plan import Wishes, plan
from runas.cli.populate_source import Source
from runas.config.aws_files import AwsFile
from runas.config.writing import write_sections
from runas.model import Profile, Role, RoleArn

PLACE = {"sso_start_url": "https://example.awsapps.com/start", "sso_region": "eu-west-1"}
SECTIONS, FEW, MANY, ROUNDS = 10_000, 2_500, 5_000, 5


def seconds(pairs: int, sections: int) -> float:
    """Name, compare and write *pairs* roles beside *sections* profiles; return the seconds."""
    account_ids = [f"{100_000_000_000 + number // 5}" for number in range(pairs)]
    roles = [
        Role(RoleArn("aws", account, "/", f"Role{number % 5}"), account_name=f"Account {account}")
        for number, account in enumerate(account_ids)
    ]
    place = (PLACE["sso_start_url"], PLACE["sso_region"])
    source = Source(Profile("bench", PLACE, family="sso"), PLACE, place)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config"
        text = "[profile own{0}]\n# mine\nregion = eu-west-1\nrole_arn = arn{0}\n\n"
        path.write_text("".join(text.format(number) for number in range(sections)))
        begun = time.perf_counter()
        named, _ = Names(Style()).all(roles, ["eu-west-1"])
        made = plan(source, named, AwsFile(str(path), credentials=False), (), Wishes(prune=True))
        write_sections(str(path), made.changes, made.remove, backup=True)
        return time.perf_counter() - begun


def main() -> None:
    """Print the medians, in pairs as the other benchmarks have it."""
    for sections in (0, SECTIONS):
        times = [(seconds(FEW, sections), seconds(MANY, sections)) for _ in range(ROUNDS)]
        few, many = (statistics.median(side) for side in zip(*times, strict=True))
        ratio = statistics.median(many / few for few, many in times)
        print(f"beside {sections:6} profiles: {FEW} pairs {few:.2f} s, {MANY} pairs {many:.2f} s,")
        print(f"  ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
