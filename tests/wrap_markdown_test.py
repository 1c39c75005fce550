# SPDX-License-Identifier: MIT
"""tools/wrap_markdown.py on small documents: what is wrapped, and what is left as it is."""

import os
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

# pylint: disable=wrong-import-position
import wrap_markdown

WORDS = "word " * 24  # 120 columns, the last a blank.
FULL = ("word " * 20).rstrip()  # 99 columns: one more word does not fit.


class WrapTest(unittest.TestCase):
    def test_a_long_paragraph_is_wrapped(self):
        self.assertEqual(wrap_markdown.wrap(WORDS + "\n"), f"{FULL}\n{'word ' * 3}word\n")

    def test_an_item_is_wrapped_under_its_text(self):
        text = f"- {WORDS}\n  and more\n- short\n"
        first = ("- " + "word " * 19).rstrip()
        self.assertEqual(
            wrap_markdown.wrap(text), f"{first}\n  {'word ' * 5}and more\n- short\n"
        )

    def test_short_paragraphs_keep_their_lines(self):
        text = "one\ntwo\n\n1. three\n   four\n"
        self.assertEqual(wrap_markdown.wrap(text), text)

    def test_code_tables_and_headings_are_left_alone(self):
        for text in [f"```\n{WORDS}\n```\n", f"| {WORDS} |\n", f"# {WORDS}\n", f"    {WORDS}\n"]:
            self.assertEqual(wrap_markdown.wrap(text), text)

    def test_no_line_begins_with_what_would_make_it_a_list(self):
        wrapped = wrap_markdown.wrap("word " * 20 + "- word " + "word " * 4)
        self.assertEqual(wrapped, f"{FULL} -\n{'word ' * 4}word")

    def test_wrapping_twice_changes_nothing(self):
        once = wrap_markdown.wrap(f"{WORDS}\n\n- {WORDS}\n  {WORDS}\n")
        self.assertEqual(wrap_markdown.wrap(once), once)


if __name__ == "__main__":
    unittest.main()
