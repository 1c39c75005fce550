# SPDX-License-Identifier: MIT
"""tools/new_scenario.py in an empty tree. :skeleton_test is what it writes, built and run."""

import os
import shutil
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

# pylint: disable=wrong-import-position
import new_scenario
import tidy
from style import build_rules, tree


class NewScenarioTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def test_names_that_cannot_be_are_refused_with_a_reason(self):
        new_scenario.create(self.root, "cxl/there")
        for name, reason in {
            "lost_update": "'lost_update' must be FAMILY/NAME",
            "usb/lost_update": "'usb/lost_update' must be FAMILY/NAME",
            "cxl/LostUpdate": "'LostUpdate' must be snake_case",
            "cxl/there": "scenarios/cxl/there.cc is there already",
        }.items():
            self.assertIn(reason, new_scenario.complaint(self.root, name))
        self.assertIsNone(new_scenario.complaint(self.root, "cxl/fresh"))

    def test_a_skeleton_breaks_no_rule_but_that_it_has_no_row_yet(self):
        for name in ("classics/lost_update", "cxl/lost_update"):
            new_scenario.create(self.root, name)
        own = tree.load(self.root, untracked=True)
        libraries = tree.load(ROOT, untracked=False)
        texts = {file.path: file.text for file in libraries.files if file.top != "scenarios"}
        texts.update({file.path: file.text for file in own.files})
        found = [
            str(finding)
            for finding in tidy.findings(tree.Tree(texts))
            if finding.path.startswith("scenarios/") and not finding.path.endswith(".md")
        ]
        self.assertEqual(
            found,
            [
                f"scenarios/{name}.cc: {name} has no row in scenarios/README.md"
                for name in ("classics/lost_update", "cxl/lost_update")
            ],
        )

    def test_a_second_scenario_joins_the_targets_of_the_first(self):
        for name in ("cxl/one", "cxl/two"):
            new_scenario.create(self.root, name)
        labels = [target.label for target in build_rules.targets(tree.load(self.root, True))]
        self.assertEqual(
            labels,
            [f"//scenarios/cxl:{name}" for name in ("one", "one_test", "two", "two_test")],
        )


if __name__ == "__main__":
    unittest.main()
