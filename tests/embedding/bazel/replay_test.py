# SPDX-License-Identifier: MIT
"""What a failing test of this project prints, and that the line it ends with shows the same again.

The line is `bazel test TARGET --test_env=HEDDLE_SCHEDULE=...`. Bazel cannot be run inside of Bazel;
what it does with that line is to run the test with that variable, and so does this."""

import os
import re
import subprocess
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def run(name, **variables):
    """Runs a test program as Bazel would."""
    return subprocess.run(
        [os.path.join(HERE, name)],
        env={"TEST_TARGET": f"//:{name}", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )


def evidence(report):
    """From the schedule to the end of the evidence: what a replay has to show again."""
    part = report[report.index("\nschedule ") : report.index("\nReplay\n")]
    return part.split("\nMinimal\n")[0].rstrip()


class ReplayTest(unittest.TestCase):
    """Both ways to build the test."""

    def check(self, name, failure, function):
        """Finds the bug, and again by what is printed about it."""
        found = run(name)
        self.assertEqual(found.returncode, 1, found.stderr)
        self.assertIn(f"FAILURE   {failure}", found.stdout)
        self.assertIn(function, found.stdout)
        # Lines are the project's own, not heddle's, nor those of std::lock_guard.
        self.assertRegex(found.stdout, r"Insert +price_cache\.h:\d+")
        self.assertRegex(found.stdout, r"WithLock +execution\.h:\d+")
        self.assertNotIn("external/heddle", found.stdout)
        self.assertNotIn("std_mutex.h", found.stdout)
        printed = found.stdout.replace("\\\n", "")
        line = re.search(rf"bazel test //:{name} +--test_env=HEDDLE_SCHEDULE=(\S+)", printed)
        self.assertIsNotNone(line, found.stdout)
        again = run(name, HEDDLE_SCHEDULE=line[1])
        self.assertEqual(again.returncode, 1, again.stderr)
        self.assertEqual(evidence(again.stdout), evidence(found.stdout))

    def test_plain(self):
        self.check("broken_cache", "assertion: seen->cents == 799", "(lambda)")

    def test_instrumented(self):
        self.check("broken_cache_instrumented", "use-after-free: read of size 4", "Insert")


if __name__ == "__main__":
    unittest.main()
