# SPDX-License-Identifier: MIT
"""Equal seeds give byte-equal reports in two processes, however different their surroundings are:
another environment, another working folder, other places of code and stack in memory. Other seeds
give other schedules, so that it is the seed that decides."""

import json
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEDDLE = os.path.join(ROOT, "tools", "heddle")
STRATEGIES = ("random", "pct", "pos", "urw", "portfolio")
SEEDS = range(8)
# A deadlock, and a lost wake-up over checked memory.
ROWS = ("litmus/phil@default", "litmus/abba@default", "classics/lost_wakeup@*")


def run(words, padding=0, folder=None):
    """What the program writes; the environment is `padding` bytes larger than it is here."""
    return subprocess.run(
        [HEDDLE, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        cwd=folder,
        env={**os.environ, "UNUSED_BY_ANYBODY": "x" * padding},
    )


class EqualSeeds(unittest.TestCase):
    """run --seed=N"""

    def test_a_seed_gives_the_same_bytes_in_every_process(self):
        with tempfile.TemporaryDirectory() as folder:
            for strategy in STRATEGIES:
                for seed in SEEDS:
                    words = ["run", *ROWS, f"--strategy={strategy}", f"--seed={seed}"]
                    here = run(words)
                    there = run(words, padding=3001 * (seed + 1), folder=folder)
                    self.assertEqual(here.returncode, 1, here.stdout)
                    self.assertEqual(here.stdout, there.stdout, words)

    def test_the_seed_decides_what_is_tried(self):
        for strategy in STRATEGIES:
            outputs = set()
            for seed in SEEDS:
                words = ["run", "litmus/phil", f"--strategy={strategy}", f"--seed={seed}"]
                output = run(words).stdout
                self.assertIn("FAILURE   deadlock", output)
                outputs.add(re.sub(r"seed[ =]\d+", "", output))
            self.assertGreater(len(outputs), 1, strategy)

    def test_without_failure_counts_are_equal_too(self):
        for strategy in STRATEGIES:
            words = ["run", "litmus/racy", "litmus/ophil", f"--strategy={strategy}", "--seed=9"]
            first = run([*words, "--json=-"])
            second = run([*words, "--json=-"], padding=4096)
            self.assertEqual(first.returncode, 0, first.stdout)
            rows = [json.loads(result.stdout) for result in (first, second)]
            for row in rows[0] + rows[1]:
                self.assertGreater(row.pop("seconds"), 0)
            self.assertEqual(rows[0], rows[1])


if __name__ == "__main__":
    unittest.main()
