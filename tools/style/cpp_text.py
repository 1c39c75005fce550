# SPDX-License-Identifier: MIT
"""Reading C++ without a compiler: comments, literals, includes and function bodies."""

import functools
import re

_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* | /\*.*?\*/ )
    | (?P<raw>     R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)" )
    | (?P<string>  "(?:\\.|[^"\\\n])*" )
    | (?P<char>    (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+' )
    """,
    re.VERBOSE | re.DOTALL,
)

_INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)

# What may stand between the parameters of a function and its body.
_SUFFIX = (
    r"(?:const|noexcept|override|final|mutable|&&?|\[\[\w+\]\]|requires\b.*"
    r"|->\s*[\w:<>*&,\s]+)"
)
_FUNCTION = re.compile(
    r"(?P<name>~?\b[A-Za-z_]\w*|operator\s*\S{1,3})\s*\((?P<rest>.*)\)\s*(?:" + _SUFFIX + r"\s*)*"
    r"(?::[^:].*)?$",
    re.DOTALL,
)
_NOT_FUNCTIONS = {"if", "for", "while", "switch", "catch", "return", "alignas", "decltype"}
_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b[^()]*$")


def _blank_out(text):
    return re.sub(r"[^\n]", " ", text)


def blank(text, literals):
    """Replaces comments, and if asked the insides of literals, by blanks; no line moves."""

    def replace(match):
        if match.group("comment"):
            return _blank_out(match.group())
        if not literals:
            return match.group()
        whole = match.group()
        return whole[0] + _blank_out(whole[1:-1]) + whole[-1]

    return _TOKEN.sub(replace, text)


@functools.lru_cache(maxsize=None)
def includes(file):
    """The (line number, path, is quoted) of each #include of a SourceFile."""
    lines = enumerate(blank(file.text, literals=False).splitlines(), 1)
    matches = ((number, _INCLUDE.match(line)) for number, line in lines)
    return tuple((number, m.group(2), m.group(1) == '"') for number, m in matches if m)


def comments(text):
    """Yields (line number, text after the slashes) for each // comment on a line of its own."""
    literals_gone = _TOKEN.sub(
        lambda m: m.group() if m.group("comment") else _blank_out(m.group()), text
    )
    for number, line in enumerate(literals_gone.splitlines(), 1):
        match = re.match(r"\s*//+(.*)", line)
        if match:
            yield number, match.group(1)


def functions(code):
    """Yields (name, first line, last line) of each function body in blanked code.

    A brace opens a function if what precedes it reads like a parameter list and it is not inside
    another function; lambdas belong to the function around them. A brace without a space before it
    is an initialiser (`count_{0}`), which clang-format makes certain.
    """
    code = _PREPROCESSOR.sub(lambda m: _blank_out(m.group()), code)
    stack = []  # One entry per open brace: (kind, name, first line).
    start = 0  # Where the text before the next brace begins.
    for match in re.finditer(r"[{};]", code):
        position, symbol = match.start(), match.group()
        kind = None
        if symbol == "{":
            kind, name, line = _opening(code, start, position, stack)
            stack.append((kind, name, line))
        elif symbol == "}" and stack:
            kind, name, line = stack.pop()
            if kind == "function":
                yield name, line, code.count("\n", 0, position) + 1
        elif _inside_parentheses(code[start:position]):
            continue  # for (;;)
        if kind != "initialiser":
            start = position + 1


def _opening(code, start, position, stack):
    if re.match(r"[\w>\])]", code[position - 1 : position]):
        return "initialiser", None, 0
    before = code[start:position]
    head = before.strip()
    scope = not head or head.endswith("=") or _SCOPE.search(head)
    match = None if scope else _FUNCTION.search(head)
    if not match or match.group("name") in _NOT_FUNCTIONS or _within_function(stack):
        return "scope", None, 0
    lead = len(before) - len(before.lstrip())
    return "function", match.group("name"), code.count("\n", 0, start + lead) + 1


def _within_function(stack):
    return any(kind == "function" for kind, _, _ in stack)


def _inside_parentheses(text):
    return text.count("(") > text.count(")")
