# SPDX-License-Identifier: MIT
"""Rules for C++: banned names, exceptions, dead code, function length, tests and their names."""

import os
import re

from style import cpp_text
from style.tree import Finding

FUNCTION_LINES_MAX = 70
# The page that everyone reads first: the loop, and the function that decides on a task's own stack.
CORE_LOOP = ("framework/core/execution.cc", ("Run", "SchedulingPoint"))
CORE_LOOP_LINES_MAX = 40
EXCEPTIONS_LIVE_IN = ("framework/core/fiber.cc",)

# Name, what to use in its place, and the folders where it is banned.
_ENGINE = ("framework", "models")
_OURS = ("framework", "models", "scenarios")
_ALL = ("framework", "models", "scenarios", "tests", "tools")
_BANNED = [
    (r"std::j?thread\b", "a task: Execution::Spawn", _OURS),
    (r"std::(?:recursive_|shared_|timed_)*mutex\b", "framework/sync or a kernel lock", _OURS),
    (r"std::condition_variable\w*", "framework/sync/condition.h", _OURS),
    (r"std::random_device\b", "base/random.h", _OURS),
    (r"std::mt19937\w*", "base/random.h", _OURS),
    (r"\b(?:std::)?s?rand\s*\(", "base/random.h", _OURS),
    (r"std::(?:multi)?unordered_\w+", "a sorted container: hash order varies", _ENGINE),
    (r"\bassert\s*\(", "HEDDLE_CHECK, which stays on", _ALL),
    (r"#\s*include\s+<c?assert(?:\.h)?>", "HEDDLE_CHECK, which stays on", _ALL),
    (r"\b__builtin_unreachable\b", "HEDDLE_CHECK(false)", _ALL),
    (r"\bstd::unreachable\b", "HEDDLE_CHECK(false)", _ALL),
    (r"std::source_location\b", "heddle::SourceLocation::Here()", _ALL),
    (r"#\s*include\s+<(?:format|print|expected)>", "what g++ 12 has", _ALL),
    (r"range/v3/all\.hpp", "a narrow header: this costs 1.2 s per file", _ALL),
    (r"\busing\s+namespace\b", "a qualified name", _ALL),
    (r"^\s*#\s*ifndef\s+\w+_H_?\s*$", "#pragma once", _ALL),
    (r"\bdbg\s*\(", "nothing: debugging prints are not committed", _ALL),
]
# Clocks are banned apart from the one file that may tell wall time and the one that kills a task
# which never yields; no decision of a search sees either.
_CLOCKS = re.compile(
    r"std::chrono::\w*_clock|\b(?:clock_gettime|gettimeofday|timer_create|setitimer)\s*\("
    r"|(?<![\w.>])time\s*\(\s*(?:nullptr|NULL|0)\s*\)"
)
CLOCKS_LIVE_IN = (
    "framework/explore/stopwatch.h",
    "framework/explore/stopwatch.cc",
    "framework/memory/fault_handler.cc",
)
_PRINTS = re.compile(r"\bstd::c(?:out|err|log)\b|(?<![\w:])(?:std::)?f?printf\s*\(|\bputs\s*\(")
_PRINTERS = ("framework/base/check.cc", "framework/testing/", "tools/", "tests/")

_DEAD_CODE = re.compile(
    r"""^[ ]?(?:
        [\w:.\->\[\]*]+\s*[-+*/|&^]?=\s*[^=].*;
      | [\w:.\->]+(?:<[\w:,\s]*>)?\([^)]*\)(?:[.\->]+\w+\(.*\))*;
      | (?:return|break|continue|delete|throw|goto)\b[^.]*;
      | (?:if|for|while|switch)\s*\(.*\)\s*(?:\{|.*;)
      | (?:\}\s*else\b.*)?[{}]
      | [\w:]+(?:<.*>)?[\s*&]+\w+\s*(?:=.*|\([^()]*\)|\{.*\});
      | \#\s*(?:include|if|define|endif|pragma)\b.*
    )\s*$""",
    re.VERBOSE,
)
_TEST_CASE = re.compile(
    r'\bTEST_CASE(?:_\w+)?\s*\(\s*(?:[\w:<>]+\s*,\s*)?"((?:\\.|[^"\\])*)"'
)
_EMPTY_CLAIM = re.compile(r"\b(?:correctly|properly|should)\b", re.IGNORECASE)


def banned_names(tree):
    """Names with a better replacement, clocks, and prints where text should be returned."""
    patterns = [(re.compile(p, re.MULTILINE), use, tops) for p, use, tops in _BANNED]
    for file in tree.cpp():
        for pattern, use, tops in patterns:
            if file.top in tops:
                yield from _matches(file, pattern, "{} is banned, use " + use)
        if file.top in _ENGINE and file.path not in CLOCKS_LIVE_IN:
            yield from _matches(file, _CLOCKS, "{} is banned, use explore/stopwatch.h")
        if file.top in _OURS and not file.path.startswith(_PRINTERS):
            yield from _matches(file, _PRINTS, "{} is banned, return text or take a std::ostream")


def _matches(file, pattern, message):
    for match in pattern.finditer(file.code):
        name = " ".join(match.group().split()).rstrip("( ")
        yield Finding(file.path, _line_of(file.code, match), message.format(name))


def _line_of(text, match):
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return text.count("\n", 0, start) + 1


def exceptions(tree):
    """Failures are values; one file knows that the language can throw."""
    for file in tree.cpp(*_OURS):
        if file.path in EXCEPTIONS_LIVE_IN:
            continue
        for match in re.finditer(r"\b(?:throw|catch|try)\b", file.code):
            yield Finding(
                file.path,
                _line_of(file.code, match),
                f"{match.group()} outside {EXCEPTIONS_LIVE_IN[0]}: return a value",
            )


def commented_out_code(tree):
    """Old code is in the history. An example in a comment is indented by three blanks or more."""
    for file in tree.cpp():
        for number, text in cpp_text.comments(file.text):
            if _DEAD_CODE.match(text):
                yield Finding(file.path, number, "commented-out code: delete it")


def function_length(tree):
    """A function fits on a screen."""
    for file in tree.cpp():
        for name, first, last in cpp_text.functions(file.code):
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield Finding(
                    file.path,
                    first,
                    f"{name} has {last - first + 1} lines, {FUNCTION_LINES_MAX} are allowed",
                )


def core_loop(tree):
    """The core loop fits on a small screen."""
    path, names = CORE_LOOP
    file = tree.get(path)
    bodies = list(cpp_text.functions(file.code)) if file else []
    for name in names if file else ():
        if name not in {body[0] for body in bodies}:
            yield Finding(path, 0, f"{name} is gone; tell tidy where the core loop is now")
    for name, first, last in bodies:
        if name in names and last - first + 1 > CORE_LOOP_LINES_MAX:
            message = f"{name} has {last - first + 1} lines, the core loop {CORE_LOOP_LINES_MAX}"
            yield Finding(path, first, message)


def header_form(tree):
    """A header opens with what it is, and guards itself by #pragma once."""
    for file in tree.cpp():
        if file.is_header and "#pragma once" not in file.lines:
            yield Finding(file.path, 0, "#pragma once is missing")
        if file.is_header and file.header_comment.count("\n") < 2:
            yield Finding(file.path, 1, "no comment that says what this header is for")


def own_header_first(tree):
    """x.cc includes x.h before anything else, so that x.h is known to stand alone."""
    for file in tree.cpp():
        own = file.path[: -len(".cc")] + ".h"
        if file.is_header or own not in tree:
            continue
        spelled = own.replace("framework/", "heddle/", 1) if file.top == "framework" else own
        first = next(iter(cpp_text.includes(file)), (1, None, True))
        if first[1] != spelled:
            yield Finding(file.path, first[0], f'the first include must be "{spelled}"')


# Headers whose tests are still to be written; the list may only shrink.
UNTESTED = "tools/style/untested.txt"


def _owed_tests(tree):
    """The headers that UNTESTED lists."""
    if UNTESTED not in tree:
        return []
    lines = tree[UNTESTED].lines
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def tested_headers(tree):
    """Every header of the framework that has behaviour has a test of its own name.

    Functions of one line (accessors, comparisons) are not behaviour.
    """
    owed = _owed_tests(tree)
    for path in owed:
        test = f"tests/{os.path.splitext(path)[0]}_test.cc"
        if path not in tree or test in tree:
            yield Finding(UNTESTED, 0, f"{path} owes no test any more: remove the line")
    for file in tree.cpp("framework"):
        if file.path in owed:
            continue
        stem = os.path.splitext(file.path)[0]
        bodies = cpp_text.functions(file.code)
        behaves = stem + ".cc" in tree or any(last > first for _, first, last in bodies)
        test = f"tests/{stem}_test.cc"
        if file.is_header and behaves and test not in tree:
            yield Finding(file.path, 0, f"{test} is missing")


def test_names(tree):
    """The name of a test is a sentence that can be false."""
    for file in tree.cpp("tests", "scenarios"):
        source = cpp_text.blank(file.text, literals=False)
        for match in _TEST_CASE.finditer(source):
            name, line = match.group(1), _line_of(source, match)
            empty = _EMPTY_CLAIM.search(name)
            if empty:
                yield Finding(file.path, line, f"'{empty.group()}' in a test's name claims nothing")
            elif len(name.split()) < 3:
                yield Finding(file.path, line, f"'{name}' is no sentence that can be false")


RULES = [
    banned_names,
    exceptions,
    commented_out_code,
    function_length,
    core_loop,
    header_form,
    own_header_first,
    tested_headers,
    test_names,
]
