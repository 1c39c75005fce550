# SPDX-License-Identifier: MIT
"""Who may include whom. The package groups in /BUILD say the same to Bazel.

Bazel alone would let an include of a transitive header pass in silence, so the lines are read.
"""

import re

from style import cpp_text
from style.tree import Finding

# Layer of the framework: layers that it may include besides itself.
_FRAMEWORK = {
    "base": (),
    # The stacks of tasks lie in the region that the shadow covers; a primitive in it is checked.
    "core": ("base", "strategy/strategy.h", "memory/region.h", "memory/shadow.h"),
    "strategy": ("core", "base"),
    "memory": ("core", "base", "detect"),
    "detect": ("core", "base", "memory"),
    "sync": ("core", "base", "memory", "detect"),
    "report": ("core", "base", "memory", "detect", "strategy", "explore"),
    "explore": ("core", "base", "memory", "detect", "sync", "strategy", "report"),
    "testing": ("core", "base", "memory", "detect", "sync", "strategy", "report", "explore"),
    # heddle.h, the face, shows users what they need of each.
    "": ("core", "sync", "explore", "testing"),
}
_KERNEL_WORLD = ("core", "base", "memory", "detect", "sync")
_PORT = ("base/check.h", "base/source_location.h")
_SCENARIO = ("testing/scenario.h",)
# Families without a model: their programs are written in our own spelling.
_PLAIN_FAMILIES = ("scenarios/classics/", "scenarios/litmus/")

# Subsystems whose kernel sources include the other subsystem's headers.
_NEIGHBOURS = {"wifi": ("debugfs",), "cxl": ("debugfs", "driver_core")}

# Third-party headers and the only places that may see them.
_THIRD_PARTY = [
    (re.compile(r"^boost/"), ("framework/core/fiber.h", "framework/core/fiber.cc")),
    (re.compile(r"^doctest/"), ("framework/testing/", "scenarios/", "tests/")),
    (re.compile(r"^CLI/"), ("tools/",)),
    (re.compile(r"^relacy/"), ("tools/bench/",)),
    (re.compile(r"^(?:linux|asm)/"), ()),
]


def _framework_layer(path):
    """framework/core/x.h is in layer core; framework/heddle.h, the face, is in layer ""."""
    parts = path.split("/")[1:]
    return parts[0] if len(parts) > 1 else ""


def _reaches(allowed, path):
    """Whether `allowed`, a list of layers and headers, covers "heddle/<path>"."""
    layer = path.split("/")[0] if "/" in path else ""
    return layer in allowed or path in allowed


def _allowed_in(file):
    """The layers and headers of the framework that a file may include."""
    if file.top == "framework":
        layer = _framework_layer(file.path)
        return (layer,) + _FRAMEWORK.get(layer, ())
    if file.top == "models":
        return _KERNEL_WORLD if file.path.startswith("models/kernel/") else _PORT
    if file.top == "scenarios":
        return _SCENARIO + (("sync",) if file.path.startswith(_PLAIN_FAMILIES) else ())
    return None


def _model_of(path):
    return path.split("/")[1] if path.count("/") > 1 else ""


def _may_see_model(file, model):
    own = _model_of(file.path)
    if file.top == "models":
        return model in ("kernel", own) + _NEIGHBOURS.get(own, ())
    if file.top == "scenarios":  # The stories of two neighbours are told in one family.
        is_neighbour = own in _NEIGHBOURS.get(model, ())
        return is_neighbour or model in ("kernel", own) + _NEIGHBOURS.get(own, ())
    return file.top == "tests"


def _complaint(file, path):
    """What is wrong with this file's including this quoted path, or None."""
    top = path.split("/")[0]
    if top == "heddle":
        allowed = _allowed_in(file)
        if allowed is not None and not _reaches(allowed, path.split("/", 1)[1]):
            return f"a file of this layer must not include {path}"
    elif top == "framework":
        return f'write "heddle/{path[len("framework/"):]}": that is how others see it'
    elif top == "models" and not _may_see_model(file, _model_of(path)):
        return f"a file of this layer must not include {path}"
    elif top in ("scenarios", "tests") and top != file.top:
        return f"nothing outside {top}/ may include {path}"
    elif top == "scenarios":
        return "scenarios do not include one another"
    return None


# Users of the framework, in workspaces of their own.
_FOREIGN = "tests/embedding/"


def layers(tree):
    """Includes follow the layers."""
    for file in tree.cpp():
        if file.path.startswith(_FOREIGN):
            yield from _foreign(file)
            continue
        for number, path, quoted in cpp_text.includes(file):
            complaint = _complaint(file, path) if quoted else None
            if complaint:
                yield Finding(file.path, number, complaint)
            for pattern, places in _THIRD_PARTY:
                if pattern.match(path) and not file.path.startswith(places):
                    where = " and ".join(places) or "the kernel itself"
                    yield Finding(file.path, number, f"{path} belongs in {where} only")


def _foreign(file):
    """One header is all that a user needs."""
    for number, path, _ in cpp_text.includes(file):
        if path.startswith("heddle/") and path != "heddle/heddle.h":
            yield Finding(file.path, number, f"users include heddle/heddle.h, not {path}")


def public_face(tree):
    """heddle.h shows every primitive."""
    face = tree.get("framework/heddle.h")
    if face is None:
        return
    shown = {path for _, path, _ in cpp_text.includes(face)}
    for file in tree.cpp("framework"):
        is_public = file.path.startswith("framework/sync/") and "\nnamespace heddle {" in file.text
        path = "heddle/" + file.path[len("framework/") :]
        if file.is_header and is_public and path not in shown:
            yield Finding(face.path, 0, f"does not include {path}")


def relative_includes(tree):
    """A quoted include is a path from the root (or from "heddle"), never from the folder."""
    for file in tree.cpp():
        if file.path.startswith(_FOREIGN):
            continue
        for number, path, quoted in cpp_text.includes(file):
            known = path.split("/")[0] in ("heddle", "models", "scenarios", "tests", "tools")
            if quoted and not known and resolve(tree, file, path) is None and "/" not in path:
                yield Finding(file.path, number, f'"{path}" must be given from the root')


def resolve(tree, file, path):
    """The path in the tree of an include, or None if it is not ours."""
    if path.startswith("heddle/"):
        path = "framework/" + path[len("heddle/") :]
    return path if path in tree else None


def licence_border(tree):
    """No file that the MIT part consists of reaches a GPL header, by any chain of includes."""
    edges = {
        file.path: [
            (number, resolve(tree, file, path)) for number, path, _ in cpp_text.includes(file)
        ]
        for file in tree.cpp()
    }
    for file in tree.cpp("framework"):
        chain = _chain_to_gpl(tree, edges, file.path)
        if chain:
            number = next(n for n, target in edges[file.path] if target == chain[1])
            yield Finding(file.path, number, "reaches GPL code: " + " > ".join(chain[1:]))


def _chain_to_gpl(tree, edges, start):
    chains, seen = [[start]], {start}
    for chain in chains:
        for _, target in edges.get(chain[-1], []):
            if target and target not in seen:
                if "GPL-2.0-only" in tree[target].lines[0]:
                    return chain + [target]
                seen.add(target)
                chains.append(chain + [target])
    return None


RULES = [layers, public_face, relative_includes, licence_border]
