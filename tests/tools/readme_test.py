# SPDX-License-Identifier: MIT
"""The reports that README.md shows are what the program prints."""

import os
import re
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUTPUT = re.compile(r"<!-- output: heddle (.+) -->\n```\n(.*?)```", re.DOTALL)


class Reports(unittest.TestCase):
    """Each block below `<!-- output: heddle ARGUMENTS -->`."""

    def test_a_report_in_the_readme_is_what_the_program_prints(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
            blocks = OUTPUT.findall(file.read())
        self.assertTrue(blocks, "README.md shows no report")
        for arguments, expected in blocks:
            result = subprocess.run(
                [os.path.join(ROOT, "tools", "heddle"), *arguments.split()],
                stdout=subprocess.PIPE,
                check=False,
                text=True,
            )
            self.assertEqual(result.returncode, 1)
            self.assertEqual(result.stdout, expected)


if __name__ == "__main__":
    unittest.main()
