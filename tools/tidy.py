#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the rules of docs/STYLE.md that a program can check; prints one line per broken rule.

Usage: tools/tidy.py [--tracked] [ROOT]

--tracked looks at files that git knows only. Without it, files that git neither knows nor ignores
count too: what lies about is either part of the project or in the way.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

# pylint: disable=wrong-import-position
from style import build_rules, cpp_rules, doc_rules, layer_rules, text_rules, tree

RULES = (
    text_rules.RULES + cpp_rules.RULES + layer_rules.RULES + build_rules.RULES + doc_rules.RULES
)


def findings(files):
    """All findings in a Tree, in the order of path and line."""
    return sorted({finding for rule in RULES for finding in rule(files)})


def main(arguments):
    tracked = "--tracked" in arguments
    roots = [argument for argument in arguments if argument != "--tracked"]
    root = roots[0] if roots else os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    files = tree.load(root, untracked=not tracked)
    found = findings(files)
    for finding in found:
        print(finding)
    print(f"tidy: {len(files.files)} files, {len(RULES)} rules, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
