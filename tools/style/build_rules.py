# SPDX-License-Identifier: MIT
"""Rules for BUILD files: direct includes are direct dependencies, one library per header pair."""

import ast
import builtins
import os
import re
import sys

from style import cpp_text, layer_rules
from style.tree import Finding

_THIRD_PARTY = [
    (re.compile(r"^boost/"), "@boost.context//:boost.context"),
    (re.compile(r"^(?:range/v3|concepts|meta)/"), "@range-v3//:range-v3"),
    (re.compile(r"^doctest/"), "@doctest//doctest:doctest"),
    (re.compile(r"^CLI/"), "@cli11//:cli11"),
    (re.compile(r"^nlohmann/"), "@nlohmann_json//:json"),
    (re.compile(r"^(?:elfutils/|dwarf\.h|gelf\.h|libelf\.h)"), "@elfutils//:libdw"),
    (re.compile(r"^benchmark/"), "@google_benchmark//:benchmark"),
    (re.compile(r"^relacy/"), "@relacy//:relacy"),
]
# What a macro of tools/build/defs.bzl adds to the dependencies by itself.
_IMPLIED = {
    "heddle_test": {"@doctest//doctest:doctest"},
    "scenario_library": {"//framework/testing:scenario"},
}
_PAIRS = ("heddle_library", "model_library")
# Their `srcs` is the one file of their name unless given.
_NAMED_SOURCE = ("heddle_test", "scenario_library")
_NATIVE = ("cc_library", "cc_binary", "cc_test")


# What Starlark has of Python's names; all others in a BUILD file are rules and macros.
_STARLARK = ("all", "any", "dict", "enumerate", "len", "list", "range", "sorted", "str", "zip")


class Target:
    """One rule of a BUILD file."""

    def __init__(self, build, kind, line, attributes):
        self.build = build
        self.package = os.path.dirname(build.path)
        self.kind = kind
        self.line = line
        self.attributes = attributes
        self.name = attributes["name"]
        self.label = f"//{self.package}:{self.name}"

    def files(self, attribute):
        names = self.attributes.get(attribute)
        if names is None and attribute == "srcs" and self.kind in _NAMED_SOURCE:
            names = [f"{self.name}.cc"]
        return [os.path.join(self.package, name.lstrip(":")) for name in names or []]

    def deps(self):
        """Labels of the written dependencies, in their order."""
        labels = self.attributes.get("deps", []) + self.attributes.get("models", [])
        return [self._absolute(label) for label in labels]

    def _absolute(self, label):
        if label.startswith(":"):
            return f"//{self.package}{label}"
        return label if ":" in label else f"{label}:{label.rsplit('/', 1)[-1]}"


# Workspaces of their own: what they include and depend on is not ours.
FOREIGN = "tests/embedding/"


def targets(tree):
    """All targets of all BUILD files of this workspace, in their order."""
    files = [file for file in tree.files if file.is_build and not file.path.startswith(FOREIGN)]
    return [target for file in files for target in _evaluate(file)]


def _evaluate(file):
    """Runs a BUILD file, which is Python as far as it matters, with rules that write down calls."""
    found = []

    def rule(kind):
        def record(*_, **attributes):
            if "name" in attributes:
                line = sys._getframe(1).f_lineno  # pylint: disable=protected-access
                found.append(Target(file, kind, line, attributes))
            return []

        return record

    parsed = ast.parse(file.text)
    names = {node.id for node in ast.walk(parsed) if isinstance(node, ast.Name)}
    scope = {name: rule(name) for name in names}
    scope["__builtins__"] = {name: getattr(builtins, name) for name in _STARLARK}
    scope = {name: value for name, value in scope.items() if name not in _STARLARK}
    exec(compile(parsed, file.path, "exec"), scope)  # pylint: disable=exec-used
    return found


def _owners(tree):
    """Path of each header to the label of the library that offers it."""
    return {path: t.label for t in targets(tree) for path in t.files("hdrs")}


def _needed(tree, target, owners):
    """Yields (file, line, include, label) for each include that some other target provides."""
    own = set(target.files("srcs") + target.files("hdrs"))
    for path in sorted(own & {file.path for file in tree.cpp()}):
        for number, include, _ in cpp_text.includes(tree[path]):
            resolved = layer_rules.resolve(tree, tree[path], include)
            if resolved in own:
                continue
            label = owners.get(resolved)
            for pattern, third_party in _THIRD_PARTY:
                if not resolved and pattern.match(include):
                    label = third_party
            if label:
                yield path, number, include, label


def direct_dependencies(tree):
    """What a file includes is in the deps of its target, and what is in deps is included."""
    owners = _owners(tree)
    offers_headers = set(owners.values()) | {label for _, label in _THIRD_PARTY}
    for target in targets(tree):
        if target.build.path.startswith("tools/third_party/"):
            continue
        deps, used = target.deps(), set()
        available = set(deps) | _IMPLIED.get(target.kind, set())
        for path, number, include, label in _needed(tree, target, owners):
            used.add(label)
            if label not in available:
                yield Finding(path, number, f"{include} needs {label} in deps of {target.label}")
        for dep in deps:
            # A library without headers is there to be linked, and so is a scenario.
            if dep in offers_headers and dep not in used and _is_written_out(tree, target):
                message = f"{target.label} includes nothing of {dep}"
                yield Finding(target.build.path, target.line, message)


def _is_written_out(tree, target):
    """Whether there are sources to look at, and none of them is generated."""
    sources = target.files("srcs")
    return bool(sources) and all(source in tree for source in sources)


def dead_files(tree):
    """Every C++ file belongs to a target."""
    known = {p for t in targets(tree) for a in ("srcs", "hdrs", "data") for p in t.files(a)}
    for file in tree.cpp():
        if file.path not in known and not file.path.startswith(FOREIGN):
            yield Finding(file.path, 0, "belongs to no target of any BUILD file")


def one_pair_per_library(tree):
    """A library is one header and its source; a larger one says why in a comment above itself."""
    for target in targets(tree):
        if target.kind not in _PAIRS:
            continue
        big = len(target.files("hdrs")) > 1 or len(target.files("srcs")) > 1
        above = target.build.lines[target.line - 2] if target.line > 1 else ""
        if big and not above.startswith("#"):
            message = f"{target.label} has several pairs: split it, or say why above it"
            yield Finding(target.build.path, target.line, message)


def build_form(tree):
    """Macros carry the flags, dependencies are sorted, and nothing is public by default."""
    for target in targets(tree):
        path = target.build.path
        if path.startswith("tools/third_party/"):
            continue
        if target.kind in _NATIVE:
            message = f"{target.kind}: use the macros of tools/build/defs.bzl"
            yield Finding(path, target.line, message)
        deps = target.attributes.get("deps", [])
        if deps != sorted(deps, key=_buildifier_order):
            yield Finding(path, target.line, f"deps of {target.label} are not sorted")
    for file in tree.files:
        if file.is_build and re.search(r"default_visibility = .*visibility:public", file.text):
            yield Finding(file.path, 0, "a package is private, or open to a group of /BUILD")


def _buildifier_order(label):
    """Own package, own workspace, others; as buildifier sorts them."""
    rank = 0 if label.startswith(":") else 1 if label.startswith("//") else 2
    return rank, label.replace(":", "!").split("/")


RULES = [direct_dependencies, dead_files, one_pair_per_library, build_form]
