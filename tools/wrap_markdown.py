#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Wraps the prose of Markdown files at 100 columns, as clang-format wraps comments.

Usage: tools/wrap_markdown.py [--check] FILE...

Only paragraphs and list items with a line that is too long are touched. Code, tables, headings,
quotes and HTML stay as they are. With --check nothing is written, and the exit status says whether
something would have been.
"""

import re
import sys

COLUMNS_MAX = 100

_FENCE = re.compile(r"^\s*(```|~~~)")
_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d+[.)])\s+")
_AS_IT_IS = re.compile(r"^\s*(?:#|\||>|<|\[[^\]]+\]:|!\[|---|===)|^\s{4,}\S")
# A line must not begin with one of these, or it would become something else than prose.
_MARKER = re.compile(r"^(?:[-*+#>|=]+|\d+[.)])$")


def wrap(text):
    """Returns the text with its long paragraphs wrapped."""
    result, block, fenced = [], [], False
    for line in text.split("\n"):
        fence = bool(_FENCE.match(line))
        starts = not block or _ITEM.match(line)
        prose = not (fence or fenced or not line.strip() or (not block and _AS_IT_IS.match(line)))
        if prose and not starts and re.match(r"^\s*[|#<]", line):
            prose = False
        if not prose or starts:
            result += _wrap_block(block)
            block = []
        if prose:
            block.append(line)
        else:
            result.append(line)
        fenced ^= fence
    return "\n".join(result + _wrap_block(block))


def _wrap_block(block):
    if all(len(line) <= COLUMNS_MAX for line in block):
        return block
    item = _ITEM.match(block[0])
    indent = " " * len(item.group(0) if item else re.match(r"\s*", block[0]).group())
    lines = [item.group(0) if item else indent]
    for word in " ".join(block)[len(lines[0]) :].split():
        longer = _joined(lines[-1], word)
        if len(longer) > COLUMNS_MAX and not _MARKER.match(word):
            lines.append(indent + word)
        else:
            lines[-1] = longer
    return lines


def _joined(line, word):
    return line + word if not line or line.endswith(" ") else f"{line} {word}"


def main(arguments):
    check = "--check" in arguments
    differ = []
    for path in (argument for argument in arguments if argument != "--check"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        wrapped = wrap(text)
        if wrapped != text:
            differ.append(path)
            if not check:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(wrapped)
    if check and differ:
        print("not wrapped at 100 columns (tools/dev format does it):", *differ, file=sys.stderr)
    return 1 if check and differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
