"""Read a flat YAML file and know the line of each key; imported only where there is one."""

from __future__ import annotations

from typing import Any

import yaml


class NotYaml(Exception):
    """The text is no YAML mapping: the line of the problem and a fact."""

    def __init__(self, line: int, fact: str) -> None:
        super().__init__(fact)
        self.line = line
        self.fact = fact


def read(text: str) -> list[tuple[str, int, Any, str]]:
    """Return key, line, value and the value as written, for every key in turn; raise NotYaml.

    A list or mapping is told by an empty one of its type: its content is never constructed, so no
    nest of aliases can blow it up. As written matters for numbers: an account id of
    ``001234567890`` must not lose its zeros.
    """
    root = _composed(text)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise NotYaml(root.start_mark.line + 1, "not a list of KEY: VALUE")
    entries = []
    for key, value in root.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise NotYaml(line, "a key that is no text")
        entries.append((key.value, line, _value(value, line), str(value.value)))
    return entries


def _composed(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        fact = error.problem or error.context or "malformed"
        raise NotYaml(mark.line + 1 if mark else 1, fact) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotYaml(line, "a character that YAML does not allow") from None
    except RecursionError:
        raise NotYaml(1, "nested too deeply") from None


def _value(node: yaml.Node, line: int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {}
    if isinstance(node, yaml.SequenceNode):
        return []
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, OverflowError):
        raise NotYaml(line, f"a value that is no {node.tag.rpartition(':')[2]}") from None
