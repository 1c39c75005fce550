# SPDX-License-Identifier: MIT
"""Rules for any text file: width, size, licence line, names of files, notes to oneself."""

import os
import re

from style.tree import Finding

COLUMNS_MAX = 100
LINES_MAX = {".h": 250, "_test.cc": 500, ".cc": 400, "_test.py": 500, ".py": 400}
RATCHET = "tools/style/ratchet.txt"

_LICENCE_TEXTS = ("LICENSE", "LICENSE.GPL-2.0")
_SPDX = re.compile(r"SPDX-" r"License-Identifier: *(\S+)")
_NOTE = re.compile(r"\b(TO" r"DO)\b(?!\(#\d+\))|\b(FIX" r"ME|XX" r"X|HA" r"CK)\b")
_EMPTY_NAMES = {"utils", "util", "common", "misc", "helpers", "helper", "manager"}


def columns(tree):
    """100 columns, no tabs, no blanks at the end. A table or link in Markdown is exempt."""
    for file in tree.files:
        if file.path in _LICENCE_TEXTS:
            continue
        for number, line in enumerate(file.lines, 1):
            unbreakable = file.path.endswith(".md") and ("|" in line or "](" in line)
            if len(line) > COLUMNS_MAX and not unbreakable:
                yield Finding(
                    file.path, number, f"{len(line)} columns, {COLUMNS_MAX} are allowed"
                )
            if line != line.rstrip():
                yield Finding(file.path, number, "blanks at the end of the line")
            if "\t" in line and (file.is_cpp or file.path.endswith(".py")):
                yield Finding(file.path, number, "a tab; indent with blanks")


def _budget(path):
    for ending, lines_max in sorted(LINES_MAX.items(), key=lambda item: -len(item[0])):
        if path.endswith(ending):
            return lines_max
    return None


def _read_ratchet(tree):
    file = tree.get(RATCHET)
    for number, line in enumerate(file.lines if file else [], 1):
        if line and not line.startswith("#"):
            path, lines = line.split()
            yield number, path, int(lines)


def budgets(tree):
    """Files stay short. The ratchet lists those that are still too long; it may only shrink."""
    ratchet = {path: (number, lines) for number, path, lines in _read_ratchet(tree)}
    for path, (number, lines) in ratchet.items():
        file = tree.get(path)
        if not file or len(file.lines) <= (_budget(path) or 0):
            yield Finding(RATCHET, number, f"{path} no longer needs its line here; remove it")
        elif len(file.lines) < lines:
            yield Finding(RATCHET, number, f"{path} has shrunk; write {len(file.lines)}")
    for file in tree.files:
        lines_max = _budget(file.path)
        if file.path in ratchet:
            lines_max = max(lines_max or 0, ratchet[file.path][1])
        if lines_max and len(file.lines) > lines_max:
            yield Finding(file.path, 0, f"{len(file.lines)} lines, {lines_max} are allowed")


def _licence(file):
    links_model = any('#include "models/' in line for line in file.lines)
    if file.top == "models" or (file.top == "scenarios" and links_model):
        return "GPL-2.0-only"
    return "MIT"


def licence(tree):
    """The first line of a source names its licence: GPL-2.0-only for kernel ports, else MIT."""
    for file in tree.files:
        lines = file.lines
        is_script = bool(lines) and lines[0].startswith("#!")
        is_source = file.is_cpp or file.path.endswith(".py") or is_script
        if not is_source or not lines:
            continue
        expected = _licence(file)
        found = [(n, m.group(1)) for n, m in enumerate(map(_SPDX.search, lines), 1) if m]
        if not found or found[0][0] != (2 if is_script else 1):
            yield Finding(file.path, 1, f"the first line must be the SPDX line for {expected}")
        elif found[0][1] != expected:
            yield Finding(file.path, found[0][0], f"{found[0][1]} here must be {expected}")
        elif len(found) > 1:
            yield Finding(file.path, found[1][0], "a second SPDX line")


def notes(tree):
    """A note to do something later carries an issue number; there are no other such notes."""
    for file in tree.files:
        if file.path in _LICENCE_TEXTS or not file.lines:
            continue
        for number, line in enumerate(file.lines, 1):
            # A document may speak of such a note, in `backticks`.
            match = _NOTE.search(re.sub(r"`[^`]*`", "", line))
            if match and match.group(1):
                yield Finding(file.path, number, f"{match.group(1)} needs an issue: (#12) after it")
            elif match:
                yield Finding(file.path, number, f"{match.group(2)}: mend it, or open an issue")


def file_names(tree):
    """A name says what is inside: utils, common, misc, helpers and manager say nothing."""
    for file in tree.files:
        parts = file.path.split("/")
        stem = os.path.splitext(parts[-1])[0]
        for word in parts[:-1] + re.split(r"[_\-]", stem):
            if word.lower() in _EMPTY_NAMES:
                yield Finding(file.path, 0, f"'{word}' says nothing; name it by what is inside")


RULES = [columns, budgets, licence, notes, file_names]
