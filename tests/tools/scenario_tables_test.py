# SPDX-License-Identifier: MIT
"""scenarios/README.md holds what the registry says, and a stale table is noticed."""

import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = os.path.join(ROOT, "tools", "scenario_tables.py")
HEDDLE = os.path.join(ROOT, "tools", "heddle")
README = os.path.join(ROOT, "scenarios", "README.md")


def run(*arguments):
    """Runs the tool with this interpreter."""
    return subprocess.run(
        [sys.executable, TOOL, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )


class Tables(unittest.TestCase):
    """The tables between the markers."""

    def test_the_tables_in_the_tree_are_current(self):
        result = run("--check", HEDDLE, README)
        self.assertEqual(
            result.returncode, 0, f"{result.stdout}\nrun tools/scenario_tables.py after a build"
        )

    def test_a_stale_table_is_shown_and_rewritten_and_other_text_stays(self):
        with open(README, encoding="utf-8") as file:
            current = file.read()
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "README.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(current.replace("#### litmus/racy", "#### litmus/gone") + "By hand.\n")
            result = run("--check", HEDDLE, path)
            self.assertEqual(result.returncode, 1)
            self.assertIn("-#### litmus/gone", result.stdout)
            self.assertEqual(run(HEDDLE, path).returncode, 0)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), current + "By hand.\n")

    def test_a_file_without_markers_is_refused(self):
        with tempfile.NamedTemporaryFile("w", suffix=".md") as file:
            result = run(HEDDLE, file.name)
            self.assertEqual(result.returncode, 1)
            self.assertIn("the markers are missing", result.stderr)


if __name__ == "__main__":
    unittest.main()
