#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the tables that `heddle list --markdown` prints between the markers of scenarios/README.md.

Usage: tools/scenario_tables.py [--check] [HEDDLE [README]]

--check changes nothing and says whether the tables are current. Text outside of the markers is
written by hand and stays.
"""

import difflib
import os
import subprocess
import sys

BEGIN = "<!-- begin: heddle list --markdown -->\n"
END = "<!-- end: heddle list --markdown -->\n"


def replaced(text, tables):
    """`text` with `tables` between its markers."""
    head, found, rest = text.partition(BEGIN)
    _, found_end, tail = rest.partition(END)
    if not found or not found_end:
        raise SystemExit(f"the markers are missing: {BEGIN}{END}")
    return head + BEGIN + "\n" + tables.rstrip("\n") + "\n\n" + END + tail


def main(arguments):
    """Returns the status of the process."""
    check = "--check" in arguments
    paths = [argument for argument in arguments if argument != "--check"]
    root = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    heddle = paths[0] if paths else os.path.join(root, "bazel-bin/tools/heddle")
    readme = paths[1] if len(paths) > 1 else os.path.join(root, "scenarios/README.md")
    tables = subprocess.run(
        [heddle, "list", "--markdown"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    with open(readme, encoding="utf-8") as file:
        old = file.read()
    new = replaced(old, tables)
    if check:
        difference = difflib.unified_diff(
            old.splitlines(), new.splitlines(), "README.md", "heddle list --markdown", lineterm=""
        )
        print("\n".join(difference))
        return 0 if old == new else 1
    with open(readme, "w", encoding="utf-8") as file:
        file.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
