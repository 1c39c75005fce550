# SPDX-License-Identifier: MIT
"""Who may include whom, on trees in memory; see tidy_test.py for the other rules."""

import os
import sys
import unittest

# The real folder of this tree: tests run in a sandbox of links to it.
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

# pylint: disable=wrong-import-position
from style import layer_rules, tree

MIT = "// SPDX-" "License-Identifier: MIT\n"
GPL = "// SPDX-" "License-Identifier: GPL-2.0-only\n"


def found(rule, files):
    """What one rule says about a tree given as {path: text}."""
    return [str(finding) for finding in sorted(rule(tree.Tree(files)))]


class LayerRulesTest(unittest.TestCase):
    def test_includes_follow_the_layers(self):
        files = {
            "framework/base/a.cc": '#include "heddle/core/x.h"\n',
            "framework/core/a.cc": '#include "heddle/strategy/strategy.h"\n'
            '#include "heddle/strategy/pct.h"\n#include "models/kernel/mutex.h"\n',
            "models/bluetooth/a.cc": '#include "models/kernel/mutex.h"\n'
            '#include "models/cxl/port.h"\n#include "heddle/sync/mutex.h"\n',
            "models/cxl/a.cc": '#include "models/driver_core/dd.h"\n',
            "scenarios/cxl/a.cc": '#include "models/cxl/port.h"\n'
            '#include "models/wifi/wiphy.h"\n#include "heddle/core/execution.h"\n',
            "tools/a.cc": '#include "tests/a.h"\n',
        }
        beyond = "a file of this layer must not include"
        self.assertEqual(
            found(layer_rules.layers, files),
            [
                f"framework/base/a.cc:1: {beyond} heddle/core/x.h",
                f"framework/core/a.cc:2: {beyond} heddle/strategy/pct.h",
                f"framework/core/a.cc:3: {beyond} models/kernel/mutex.h",
                f"models/bluetooth/a.cc:2: {beyond} models/cxl/port.h",
                f"models/bluetooth/a.cc:3: {beyond} heddle/sync/mutex.h",
                f"scenarios/cxl/a.cc:2: {beyond} models/wifi/wiphy.h",
                f"scenarios/cxl/a.cc:3: {beyond} heddle/core/execution.h",
                "tools/a.cc:1: nothing outside tests/ may include tests/a.h",
            ],
        )

    def test_users_of_the_framework_include_its_one_header(self):
        files = {
            "tests/embedding/x/a.cc": '#include "heddle/heddle.h"\n'
            '#include "heddle/sync/mutex.h"\n#include "framework/core/own.h"\n#include "b.h"\n'
        }
        self.assertEqual(
            found(layer_rules.layers, files),
            ["tests/embedding/x/a.cc:2: users include heddle/heddle.h, not heddle/sync/mutex.h"],
        )
        self.assertEqual(found(layer_rules.relative_includes, files), [])

    def test_every_primitive_is_reached_from_the_one_header(self):
        public, internal = "namespace heddle {\n", "namespace heddle::internal {\n"
        files = {
            "framework/heddle.h": MIT + '#include "heddle/sync/mutex.h"\n',
            "framework/sync/latch.h": MIT + public,
            "framework/sync/mutex.h": MIT + public,
            "framework/sync/waiter_list.h": MIT + internal,
        }
        self.assertEqual(
            found(layer_rules.public_face, files),
            ["framework/heddle.h: does not include heddle/sync/latch.h"],
        )

    def test_boost_and_doctest_stay_where_they_belong(self):
        files = {
            "framework/core/fiber.cc": "#include <boost/context/fiber.hpp>\n",
            "framework/core/task.cc": "#include <boost/context/fiber.hpp>\n",
            "models/x/a.cc": '#include "doctest/doctest.h"\n',
        }
        self.assertEqual(
            found(layer_rules.layers, files),
            [
                "framework/core/task.cc:1: boost/context/fiber.hpp belongs in"
                " framework/core/fiber.h and framework/core/fiber.cc only",
                "models/x/a.cc:1: doctest/doctest.h belongs in"
                " framework/testing/ and scenarios/ and tests/ only",
            ],
        )

    def test_an_include_is_given_from_the_root(self):
        self.assertEqual(
            found(layer_rules.relative_includes, {"models/x/a.cc": '#include "a.h"\n'}),
            ['models/x/a.cc:1: "a.h" must be given from the root'],
        )

    def test_the_framework_reaches_no_gpl_header_by_any_chain(self):
        files = {
            "framework/core/a.h": MIT + '#include "heddle/core/b.h"\n',
            "framework/core/b.h": MIT + '#include "models/kernel/c.h"\n',
            "models/kernel/c.h": GPL,
        }
        self.assertEqual(
            found(layer_rules.licence_border, files),
            [
                "framework/core/a.h:2: reaches GPL code: framework/core/b.h > models/kernel/c.h",
                "framework/core/b.h:2: reaches GPL code: models/kernel/c.h",
            ],
        )


if __name__ == "__main__":
    unittest.main()
