# SPDX-License-Identifier: MIT
"""tools/tidy.py on this tree, and each of its rules on snippets that break it.

A snippet is a tree in memory; the expected findings are compared word for word, so a rule that goes
blind, or that cries at good code, fails here.
"""

import os
import sys
import unittest

# The real folder of this tree: tests run in a sandbox of links to it.
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

# pylint: disable=wrong-import-position
import tidy
from style import build_rules, cpp_rules, cpp_text, doc_rules, text_rules, tree

MIT = "// SPDX-" "License-Identifier: MIT\n"
GPL = "// SPDX-" "License-Identifier: GPL-2.0-only\n"


def found(rule, files):
    """What one rule says about a tree given as {path: text}."""
    return [str(finding) for finding in sorted(rule(tree.Tree(files)))]


class TreeTest(unittest.TestCase):
    def test_this_tree_breaks_no_rule(self):
        files = tree.load(ROOT, untracked=False)
        self.assertGreater(len(files.cpp()), 0, f"found no sources below {ROOT}")
        broken = [str(finding) for finding in tidy.findings(files)]
        if broken:
            self.fail("\n" + "\n".join(broken))

    def test_every_rule_is_broken_by_some_snippet_here(self):
        here = ""
        for name in ("tidy_test.py", "layer_rules_test.py"):
            with open(os.path.join(ROOT, "tests", name), encoding="utf-8") as file:
                here += file.read()
        for rule in tidy.RULES:
            module = rule.__module__.rsplit(".", maxsplit=1)[-1]
            self.assertIn(f"{module}.{rule.__name__}", here)


class TextRulesTest(unittest.TestCase):
    def test_long_lines_are_found_except_in_tables(self):
        long = "x" * 101
        self.assertEqual(
            found(text_rules.columns, {"a.cc": f"{long}\n", "b.md": f"| {long} |\n{long}\n"}),
            [
                "a.cc:1: 101 columns, 100 are allowed",
                "b.md:2: 101 columns, 100 are allowed",
            ],
        )

    def test_tabs_and_trailing_blanks_are_found(self):
        self.assertEqual(
            found(text_rules.columns, {"a.cc": "\tint a; \n"}),
            ["a.cc:1: a tab; indent with blanks", "a.cc:1: blanks at the end of the line"],
        )

    def test_each_kind_of_file_has_its_budget(self):
        files = {
            "a.h": "\n" * 251,
            "a.cc": "\n" * 401,
            "a_test.cc": "\n" * 500,
            "b_test.cc": "\n" * 501,
            "c.h": "\n" * 250,
        }
        self.assertEqual(
            found(text_rules.budgets, files),
            [
                "a.cc: 401 lines, 400 are allowed",
                "a.h: 251 lines, 250 are allowed",
                "b_test.cc: 501 lines, 500 are allowed",
            ],
        )

    def test_the_ratchet_may_only_shrink(self):
        files = {
            text_rules.RATCHET: "# comment\na.h 300\nb.h 300\nc.h 300\ngone.h 260\n",
            "a.h": "\n" * 300,
            "b.h": "\n" * 280,
            "c.h": "\n" * 301,
        }
        self.assertEqual(
            found(text_rules.budgets, files),
            [
                "c.h: 301 lines, 300 are allowed",
                "tools/style/ratchet.txt:3: b.h has shrunk; write 280",
                "tools/style/ratchet.txt:5: gone.h no longer needs its line here; remove it",
            ],
        )

    def test_the_licence_follows_the_folder_and_the_models_that_are_linked(self):
        files = {
            "framework/core/a.h": GPL,
            "models/x/a.cc": MIT,
            "scenarios/classics/a.cc": MIT,
            "scenarios/x/a.cc": MIT + '#include "models/x/a.h"\n',
            "tests/a.cc": "\n" + MIT,
            "tools/a": "#!/bin/sh\n#" + MIT[2:],
            "tools/b.py": "#" + MIT[2:] * 2,
        }
        self.assertEqual(
            found(text_rules.licence, files),
            [
                "framework/core/a.h:1: GPL-2.0-only here must be MIT",
                "models/x/a.cc:1: MIT here must be GPL-2.0-only",
                "scenarios/x/a.cc:1: MIT here must be GPL-2.0-only",
                "tests/a.cc:1: the first line must be the SPDX line for MIT",
                "tools/b.py:2: a second SPDX line",
            ],
        )

    def test_a_note_needs_an_issue(self):
        files = {"a.cc": "// TO" "DO: x\n// TO" "DO(#12): x\n// FIX" "ME\n", "b.md": "`TO" "DO`\n"}
        self.assertEqual(
            found(text_rules.notes, files),
            [
                "a.cc:1: TO" "DO needs an issue: (#12) after it",
                "a.cc:3: FIX" "ME: mend it, or open an issue",
            ],
        )

    def test_names_that_say_nothing_are_found(self):
        self.assertEqual(
            found(text_rules.file_names, {"framework/core/string_utils.h": "", "common/a.h": ""}),
            [
                "common/a.h: 'common' says nothing; name it by what is inside",
                "framework/core/string_utils.h: 'utils' says nothing; name it by what is inside",
            ],
        )


class CppRulesTest(unittest.TestCase):
    def test_banned_names_are_found_with_their_replacement(self):
        text = (
            "std::thread t;\n"
            "// std::thread in a comment\n"
            'auto s = "std::thread";\n'
            "std::unordered_map<int, int> m;\n"
            "auto now = std::chrono::steady_clock::now();\n"
            "assert(x);\n"
            "static_assert(true);\n"
            "std::cout << 1;\n"
        )
        self.assertEqual(
            found(cpp_rules.banned_names, {"framework/core/a.cc": text}),
            [
                "framework/core/a.cc:1: std::thread is banned, use a task: Execution::Spawn",
                "framework/core/a.cc:4: std::unordered_map is banned, use a sorted container:"
                " hash order varies",
                "framework/core/a.cc:5: std::chrono::steady_clock is banned,"
                " use explore/stopwatch.h",
                "framework/core/a.cc:6: assert is banned, use HEDDLE_CHECK, which stays on",
                "framework/core/a.cc:8: std::cout is banned, return text or take a std::ostream",
            ],
        )

    def test_tools_may_print_and_the_stopwatch_may_read_the_clock(self):
        files = {
            "tools/a.cc": "std::cout << 1;\n",
            "framework/explore/stopwatch.cc": "std::chrono::steady_clock::now();\n",
        }
        self.assertEqual(found(cpp_rules.banned_names, files), [])

    def test_exceptions_live_in_one_file(self):
        text = "void F() {\n  try {\n    G();\n  } catch (...) {\n  }\n}\n// throw\nint retry;\n"
        files = {"framework/core/fiber.cc": text, "models/x/a.cc": text, "tests/a_test.cc": text}
        self.assertEqual(
            found(cpp_rules.exceptions, files),
            [
                "models/x/a.cc:2: try outside framework/core/fiber.cc: return a value",
                "models/x/a.cc:4: catch outside framework/core/fiber.cc: return a value",
            ],
        )

    def test_code_in_comments_is_told_from_prose_and_examples(self):
        dead = ["count = 1;", "mutex.Lock();", "return x + 1;", "if (a) {", "}", "int a = b;"]
        alive = [
            "The count goes up; the lock stays held.",
            "  mutex.Lock();",
            "  int a = b;",
            "Waits for the holder;",
            "see Lock() and Unlock();",
            "REQUIRES: bound > 0.",
            "return early; nothing is held.",
        ]
        text = "".join(f"// {line}\n" for line in dead + alive)
        self.assertEqual(
            found(cpp_rules.commented_out_code, {"a.cc": text}),
            [f"a.cc:{n}: commented-out code: delete it" for n in range(1, len(dead) + 1)],
        )

    def test_a_long_function_is_found_by_its_name(self):
        body = "  x();\n" * 69
        text = f"namespace a {{\nclass B {{\n  void Short() {{\n{body}  }}\n}};\n"
        text += f"B::B(int a) : a_{{a}}, b_(a) {{\n{body}}}\n"
        text += f"auto Twice(int a) const noexcept -> int {{\n{body}  if (a) {{\n  }}\n}}\n}}\n"
        self.assertEqual(
            found(cpp_rules.function_length, {"a.cc": text}),
            [
                "a.cc:3: Short has 71 lines, 70 are allowed",
                "a.cc:75: B has 71 lines, 70 are allowed",
                "a.cc:146: Twice has 73 lines, 70 are allowed",
            ],
        )

    def test_what_is_no_function_is_not_measured(self):
        body = "  kName,\n" * 80
        heads = ["enum class A", "const int b[] =", "struct C", "namespace d", 'extern "C"']
        text = "".join(f"{head} {{\n{body}}};\n" for head in heads)
        self.assertEqual(list(cpp_text.functions(text)), [])

    def test_a_lambda_belongs_to_the_function_around_it(self):
        text = "void F() {\n  Spawn([&](int a) {\n    G(a);\n  });\n  for (;;) {\n  }\n}\n"
        self.assertEqual(list(cpp_text.functions(text)), [("F", 1, 7)])

    def test_the_core_loop_is_short_and_is_known(self):
        body = "  x();\n" * 39
        files = {"framework/core/execution.cc": f"void Execution::Run() {{\n{body}}}\n"}
        self.assertEqual(
            found(cpp_rules.core_loop, files),
            [
                "framework/core/execution.cc: SchedulingPoint is gone;"
                " tell tidy where the core loop is now",
                "framework/core/execution.cc:1: Run has 41 lines, the core loop 40",
            ],
        )

    def test_a_header_guards_itself_and_says_what_it_is_for(self):
        good = MIT + "//\n// A: what it is.\n\n#pragma once\n"
        self.assertEqual(
            found(cpp_rules.header_form, {"a.h": good, "b.h": MIT}),
            [
                "b.h: #pragma once is missing",
                "b.h:1: no comment that says what this header is for",
            ],
        )

    def test_a_source_includes_its_own_header_first(self):
        files = {
            "framework/core/a.h": "",
            "framework/core/a.cc": '#include "heddle/core/a.h"\n#include <vector>\n',
            "models/x/b.h": "",
            "models/x/b.cc": '#include <vector>\n#include "models/x/b.h"\n',
        }
        self.assertEqual(
            found(cpp_rules.own_header_first, files),
            ['models/x/b.cc:1: the first include must be "models/x/b.h"'],
        )

    def test_a_header_with_behaviour_needs_a_test(self):
        files = {
            "framework/core/bare.h": "struct Bare {\n  int steps = 1;\n};\n",
            "framework/core/accessor.h": "inline int F() { return 1; }\n",
            "framework/core/inline.h": "inline int F() {\n  return G();\n}\n",
            "framework/core/pair.h": "int G();\n",
            "framework/core/pair.cc": "",
            "framework/core/tested.h": "inline int F() {\n  return G();\n}\n",
            "tests/framework/core/tested_test.cc": "",
        }
        self.assertEqual(
            found(cpp_rules.tested_headers, files),
            [
                "framework/core/inline.h: tests/framework/core/inline_test.cc is missing",
                "framework/core/pair.h: tests/framework/core/pair_test.cc is missing",
            ],
        )

    def test_a_test_makes_a_claim(self):
        names = ["a held mutex blocks", "lock", "it should lock", "fails a test that fails"]
        text = "".join(f'TEST_CASE("{name}") {{}}\n' for name in names)
        text += 'TEST_CASE_FIXTURE(Heap,\n                  "free") {}\n'
        self.assertEqual(
            found(cpp_rules.test_names, {"tests/a_test.cc": text}),
            [
                "tests/a_test.cc:2: 'lock' is no sentence that can be false",
                "tests/a_test.cc:3: 'should' in a test's name claims nothing",
                "tests/a_test.cc:5: 'free' is no sentence that can be false",
            ],
        )


class BuildRulesTest(unittest.TestCase):
    def test_direct_includes_are_direct_dependencies(self):
        build = (
            'heddle_library(\n    name = "a",\n    srcs = ["a.cc"],\n    hdrs = ["a.h"],\n'
            '    deps = [":c", "@boost.context//:boost.context"],\n)\n'
            'heddle_library(name = "b", hdrs = ["b.h"])\n'
            'heddle_library(name = "c", hdrs = ["c.h"])\n'
        )
        files = {
            "framework/core/BUILD": build,
            "framework/core/a.cc": '#include "heddle/core/a.h"\n#include "heddle/core/b.h"\n',
            "framework/core/a.h": "#include <boost/context/fiber.hpp>\n",
            "framework/core/b.h": "",
            "framework/core/c.h": "",
        }
        self.assertEqual(
            found(build_rules.direct_dependencies, files),
            [
                "framework/core/BUILD:1: //framework/core:a includes nothing of //framework/core:c",
                "framework/core/a.cc:2: heddle/core/b.h needs //framework/core:b"
                " in deps of //framework/core:a",
            ],
        )

    def test_a_test_needs_no_word_about_doctest(self):
        files = {
            "tests/BUILD": 'heddle_test(name = "a_test")\n',
            "tests/a_test.cc": '#include "doctest/doctest.h"\n',
        }
        self.assertEqual(found(build_rules.direct_dependencies, files), [])

    def test_a_file_that_nothing_builds_is_dead(self):
        files = {
            "tests/BUILD": 'heddle_test(name = "a_test")\n',
            "tests/a_test.cc": "",
            "tests/b_test.cc": "",
        }
        self.assertEqual(
            found(build_rules.dead_files, files),
            ["tests/b_test.cc: belongs to no target of any BUILD file"],
        )

    def test_targets_made_in_a_loop_are_seen(self):
        files = {
            "tests/BUILD": 'load("//tools/build:defs.bzl", "heddle_test")\nNAMES = {"a_test": []}\n'
            "[heddle_test(name = n, deps = d) for n, d in NAMES.items()]\n",
            "tests/a_test.cc": "",
        }
        self.assertEqual(found(build_rules.dead_files, files), [])

    def test_a_library_of_several_pairs_says_why(self):
        build = 'heddle_library(name = "a", hdrs = ["a.h", "b.h"])\n'
        files = {"x/BUILD": build, "y/BUILD": "# They know one another.\n" + build}
        self.assertEqual(
            found(build_rules.one_pair_per_library, files),
            ["x/BUILD:1: //x:a has several pairs: split it, or say why above it"],
        )

    def test_build_files_use_the_macros_sort_and_hide(self):
        files = {
            "x/BUILD": 'package(default_visibility = ["//visibility:public"])\n'
            'cc_library(name = "a", deps = ["//b", ":c"])\n'
        }
        self.assertEqual(
            found(build_rules.build_form, files),
            [
                "x/BUILD: a package is private, or open to a group of /BUILD",
                "x/BUILD:2: cc_library: use the macros of tools/build/defs.bzl",
                "x/BUILD:2: deps of //x:a are not sorted",
            ],
        )


class DocRulesTest(unittest.TestCase):
    def test_links_lead_somewhere(self):
        text = (
            "# One heading\n[a](docs/a.md) [b](https://b) [c](#one-heading) [d](#two) [e](docs)\n"
            "```\n[f](gone.md)\n```\n"
        )
        self.assertEqual(
            found(doc_rules.links, {"README.md": text, "docs/b.md": ""}),
            [
                "README.md:2: docs/a.md does not exist",
                "README.md:2: no heading #two in README.md",
            ],
        )

    def test_files_named_in_documents_are_there(self):
        files = {"docs/a.md": "`tools/a.py` and `tools/b.py`\n", "tools/a.py": ""}
        self.assertEqual(
            found(doc_rules.named_files, files), ["docs/a.md:1: tools/b.py is gone"]
        )

    def test_quoted_code_equals_its_source(self):
        quote = "<!-- quote: scenarios/a.cc -->\n```cpp\nint a;\n```\n"
        stale = "<!-- quote: scenarios/a.cc -->\n```cpp\nint b;\n```\n"
        files = {"README.md": quote, "docs/a.md": stale, "scenarios/a.cc": "// x\nint a;\n"}
        self.assertEqual(
            found(doc_rules.quoted_code, files),
            ["docs/a.md:1: this block is not in scenarios/a.cc; copy it anew"],
        )
        self.assertEqual(
            found(doc_rules.quoted_code, {"README.md": "```cpp\nint a;\n```\n"}),
            ["README.md: its example must be quoted from a scenario that is tested"],
        )

    def test_a_scenario_has_its_story_and_its_row(self):
        include = '#include "heddle/testing/scenario.h"\n'
        files = {
            "scenarios/README.md": "| cxl/good |\n",
            "scenarios/cxl/good.cc": f'// Bug: a\n// Expect: b\n{include}"cxl/good"\n',
            "scenarios/cxl/bad.cc": f'// Bug: a\n{include}"cxl/bad"\n',
            "scenarios/cxl/empty.cc": f"// Bug: a\n// Expect: b\n{include}",
            "scenarios/cxl/bugs.cc": f'{include}heddle::RegisterBugs("cxl", all);\n',
            "scenarios/cxl/fixes.cc": f'{include}heddle::RegisterCandidates("cxl", all);\n',
        }
        self.assertEqual(
            found(doc_rules.scenarios, files),
            [
                "scenarios/cxl/bad.cc: cxl/bad has no row in scenarios/README.md",
                "scenarios/cxl/bad.cc:1: the comment at the top has no 'Expect:' line",
                "scenarios/cxl/empty.cc: registers no scenario named family/name",
            ],
        )

    def test_a_port_says_what_differs_from_its_source(self):
        files = {
            "models/kernel/mutex.h": "",
            "models/kernel/list.h": "",
            "models/kernel/README.md": "| list.h |\n",
            "models/cxl/PORT.md": "port.cc\nKept, Dropped, Changed\n",
            "models/cxl/port.cc": "",
            "models/cxl/region.cc": "// Kept: a\n// Dropped: b\n",
        }
        self.assertEqual(
            found(doc_rules.ports, files),
            [
                "models/cxl/region.cc:1: neither PORT.md nor this comment says what was changed",
                "models/kernel/mutex.h: has no row in models/kernel/README.md",
            ],
        )


if __name__ == "__main__":
    unittest.main()
