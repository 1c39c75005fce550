# SPDX-License-Identifier: MIT
"""Rules for what is written for people: links, scenarios, ports, quoted code."""

import os
import re

from style.tree import Finding

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_PATH = re.compile(
    r"`((?:framework|models|scenarios|tests|tools|docs)/[\w./\-]+\.(?:h|cc|py|md|bzl|json))`"
)
_QUOTE = re.compile(r"<!-- quote: (\S+) -->\n```\w*\n(.*?)```", re.DOTALL)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_SCENARIO_NAME = re.compile(
    r'"((?:bluetooth|debugfs|driver_core|cxl|classics|litmus)/[a-z0-9_]+)"'
)
_PORT_WORDS = ("Kept", "Dropped", "Changed")


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def _line(text, match):
    return text.count("\n", 0, match.start()) + 1


def _anchors(text):
    """The anchors that a Markdown renderer makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub(_blank, text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}


def links(tree):
    """A relative link leads to a file that is there, and to a heading that is there."""
    for file in tree.files:
        if not file.path.endswith(".md"):
            continue
        text = _FENCE.sub(_blank, file.text)
        for match in _LINK.finditer(text):
            target, _, anchor = (match.group(1) or match.group(2)).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            path = os.path.normpath(os.path.join(os.path.dirname(file.path), target))
            path = path if target else file.path
            if path not in tree and not tree.has_folder(path):
                yield Finding(file.path, _line(text, match), f"{target} does not exist")
            elif anchor and path in tree and anchor not in _anchors(tree[path].text):
                yield Finding(file.path, _line(text, match), f"no heading #{anchor} in {path}")


def named_files(tree):
    """A file that a document names in `backticks` is there."""
    for file in tree.files:
        if file.path.endswith(".md"):
            for match in _PATH.finditer(file.text):
                if match.group(1) not in tree:
                    yield Finding(file.path, _line(file.text, match), f"{match.group(1)} is gone")


def quoted_code(tree):
    """A code block below `<!-- quote: FILE -->` stands in FILE word for word; README has one."""
    readme = tree.get("README.md")
    if readme and not _QUOTE.search(readme.text):
        yield Finding("README.md", 0, "its example must be quoted from a scenario that is tested")
    for file in tree.files:
        if not file.path.endswith(".md"):
            continue
        for match in _QUOTE.finditer(file.text):
            source, block = match.groups()
            if source not in tree:
                yield Finding(file.path, _line(file.text, match), f"{source} does not exist")
            elif block not in tree[source].text:
                message = f"this block is not in {source}; copy it anew"
                yield Finding(file.path, _line(file.text, match), message)


# What is registered for a whole family.
_OF_A_FAMILY = re.compile(r"heddle::Register(Bugs|Candidates)\(")


def scenarios(tree):
    """A scenario says in its head what the bug is and what to expect, and has a row."""
    table = tree.get("scenarios/README.md")
    for file in tree.cpp("scenarios"):
        if file.is_header or "scenario.h" not in file.text:
            continue
        if _OF_A_FAMILY.search(file.text) and "heddle::Register<" not in file.text:
            continue  # The catalogue of a family's bugs is no scenario.
        for label in ("Bug:", "Expect:"):
            if f"// {label}" not in file.header_comment:
                yield Finding(file.path, 1, f"the comment at the top has no '{label}' line")
        names = set(_SCENARIO_NAME.findall(file.text))
        if not names:
            yield Finding(file.path, 0, "registers no scenario named family/name")
        for name in sorted(names):
            if not table or name not in table.text:
                yield Finding(file.path, 0, f"{name} has no row in scenarios/README.md")


def ports(tree):
    """A port says what it kept, dropped and changed of the kernel's source, and why it may."""
    for file in tree.cpp("models"):
        folder = os.path.dirname(file.path)
        if folder == "models/kernel":
            table = tree.get("models/kernel/README.md")
            if file.is_header and (not table or os.path.basename(file.path) not in table.text):
                yield Finding(file.path, 0, "has no row in models/kernel/README.md")
        elif not file.is_header:
            yield from _port(file, tree.get(folder + "/PORT.md"))


def _port(file, port_md):
    where = file.header_comment
    if port_md and os.path.basename(file.path) in port_md.text:
        where += port_md.text
    missing = [word for word in _PORT_WORDS if not re.search(rf"\b{word}\b", where)]
    if missing:
        what = ", ".join(missing).lower()
        message = f"neither PORT.md nor this comment says what was {what}"
        yield Finding(file.path, 1, message)


RULES = [links, named_files, quoted_code, scenarios, ports]
