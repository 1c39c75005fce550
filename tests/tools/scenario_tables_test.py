# SPDX-License-Identifier: MIT
"""scenarios/README.md holds what the registry says, and a stale table is noticed."""

import os
import re
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


def tables():
    """What heddle prints, as lists of cells by heading."""
    command = [HEDDLE, "list", "--markdown"]
    text = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    found = {}
    heading = ""
    for line in text.split("\n"):
        if line.startswith("#### "):
            heading = line[len("#### ") :]
        elif line.startswith("| "):
            found.setdefault(heading, []).append([cell.strip() for cell in line.split("|")[1:-1]])
    return found


class Candidates(unittest.TestCase):
    """The table of the versions that somebody has to choose among."""

    HEADING = "What each version of the patch still gets wrong"

    def setUp(self):
        self.tables = tables()
        self.head, _, *self.lines = self.tables[self.HEADING]

    def row(self, scenario, variant):
        """The cells of a variant in the table of its scenario."""
        rows = [r for r in self.tables[f"bluetooth/{scenario}"] if r[0] == variant]
        self.assertEqual(len(rows), 1, f"{scenario}@{variant}")
        return rows[0]

    def test_it_compares_the_versions_under_their_names_in_the_thread(self):
        self.assertEqual(self.head[:2], ["bug", "what goes wrong"])
        self.assertIn("B2, v2", self.head)
        self.assertIn("B5, merged (v5)", self.head)

    def test_a_scenario_that_it_names_finds_the_bug_in_that_version(self):
        named = 0
        for bug, _, *cells in self.lines:
            for title, cell in zip(self.head[2:], cells):
                if not cell.startswith("**"):
                    continue
                scenario, bounds = cell[2:].split("** ")
                finds = self.row(scenario, title.split(",")[0])[3]
                self.assertIn(f"**{bug}** {bounds}", finds)
                named += 1
        self.assertGreater(named, 20)

    def test_a_version_is_called_clean_only_if_no_row_finds_the_bug_and_one_decides_it(self):
        for bug, _, *cells in self.lines:
            for title, cell in zip(self.head[2:], cells):
                variant = title.split(",")[0]
                rows = [
                    row
                    for heading, table in self.tables.items()
                    if heading.startswith("bluetooth/")
                    for row in table
                    if row[0] == variant
                ]
                finds = any(f"**{bug}**" in row[3] for row in rows)
                clean = any(bug in row[4].split(", ") for row in rows)
                expected = "clean" if clean and not finds else ""
                if not finds:
                    self.assertEqual(cell, expected, f"{bug} in {variant}")


class Contradictions(unittest.TestCase):
    """What is written by hand about rows."""

    CLAIM = re.compile(r"\*\*([\w-]+)\*\* (\d+p \d+f) in `(\w+)@([\w+-]+)`")
    ROW = re.compile(r"`(\w+)@([\w+-]+)`")
    HEADING = "Bluetooth: where exploration contradicts what was expected"
    FAMILY = "bluetooth"

    def setUp(self):
        with open(README, encoding="utf-8") as file:
            text = file.read().split("<!-- begin:", maxsplit=1)[0]
        section = text.split(f"## {self.HEADING}\n")[1]
        self.section = re.sub(r"\s+", " ", section.split("\n## ", maxsplit=1)[0])
        self.rows = {
            (heading.split("/")[-1], row[0]): row
            for heading, table in tables().items()
            if heading.startswith(f"{self.FAMILY}/")
            for row in table
        }

    def test_each_row_that_is_named_exists(self):
        for scenario, variant in self.ROW.findall(self.section):
            self.assertIn((scenario, variant), self.rows)

    def test_each_bug_is_found_where_and_as_it_is_said(self):
        claims = self.CLAIM.findall(self.section)
        self.assertGreaterEqual(len(claims), 12)
        self.assertEqual(len(claims), len(re.findall(r"\*\*[\w-]+\*\*", self.section)))
        for bug, bounds, scenario, variant in claims:
            self.assertIn(f"**{bug}** {bounds}", self.rows[scenario, variant][3])

    def test_what_is_called_clean_finds_nothing(self):
        for scenario, variant in re.findall(r"`(\w+)@([\w+-]+)` is clean", self.section):
            self.assertEqual(self.rows[scenario, variant][3], "nothing")


class FourDiscussions(unittest.TestCase):
    """The table of README.md."""

    CLAIM = re.compile(r"\*\*([\w-]+)\*\* (\d+p \d+f) in `(\w+)/(\w+)@([\w+-]+)`")
    CLEAN = re.compile(r"`(\w+)/(\w+)@([\w+-]+)` is clean")

    def setUp(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            self.text = file.read()
        self.rows = {
            (*heading.split("/"), row[0]): row
            for heading, table in tables().items()
            if heading.count("/") == 1
            for row in table
        }

    def test_each_bug_is_found_where_and_as_it_is_said(self):
        claims = self.CLAIM.findall(self.text)
        self.assertEqual(len(claims), 6)
        for bug, bounds, family, scenario, variant in claims:
            self.assertIn(f"**{bug}** {bounds}", self.rows[family, scenario, variant][3])

    def test_what_is_called_clean_finds_nothing(self):
        clean = self.CLEAN.findall(self.text)
        self.assertEqual(len(clean), 7)
        for row in clean:
            self.assertEqual(self.rows[row][3], "nothing", row)


class CxlAnswers(Contradictions):
    """The same, of the CXL thread's question."""

    HEADING = "CXL: is root->dev or uport_dev the right lock?"
    FAMILY = "cxl"


if __name__ == "__main__":
    unittest.main()
