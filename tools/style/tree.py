# SPDX-License-Identifier: MIT
"""The files that the rules look at, and what a rule says about them."""

import dataclasses
import functools
import os
import subprocess

from style import cpp_text


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """One broken rule at one place; line 0 means the whole file."""

    path: str
    line: int
    message: str

    def __str__(self):
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.message}"


class SourceFile:
    """One text file, by its path from the root of the tree."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.splitlines()

    @property
    def top(self):
        """The folder below the root, or "" for a file of the root itself."""
        return self.path.split("/")[0] if "/" in self.path else ""

    @property
    def is_cpp(self):
        return self.path.endswith((".h", ".cc"))

    @property
    def is_header(self):
        return self.path.endswith(".h")

    @property
    def is_build(self):
        return os.path.basename(self.path) == "BUILD"

    @functools.cached_property
    def code(self):
        """The text with comments and the contents of literals blanked, line for line."""
        return cpp_text.blank(self.text, literals=True)

    @functools.cached_property
    def header_comment(self):
        """The comment block that the file opens with."""
        block = []
        for line in self.lines:
            if not line.startswith("//"):
                break
            block.append(line)
        return "\n".join(block)


class Tree:
    """All files of the project, in the order of their paths."""

    def __init__(self, texts):
        self.files = [SourceFile(path, texts[path]) for path in sorted(texts)]
        self._by_path = {file.path: file for file in self.files}

    def __contains__(self, path):
        return path in self._by_path

    def __getitem__(self, path):
        return self._by_path[path]

    def get(self, path):
        return self._by_path.get(path)

    def cpp(self, *tops):
        """The C++ files below the given top-level folders, or all of them."""
        return [f for f in self.files if f.is_cpp and (not tops or f.top in tops)]

    def has_folder(self, path):
        prefix = path.rstrip("/") + "/"
        return any(known.startswith(prefix) for known in self._by_path)


def load(root, untracked):
    """Reads the tree below `root`: what git tracks and, if asked, what it does not ignore either.

    Without git (an unpacked archive) everything counts that is not hidden or Bazel's.
    """
    texts = {}
    for path in _list_with_git(root, untracked) or _list_with_walk(root):
        try:
            with open(os.path.join(root, path), encoding="utf-8") as file:
                texts[path] = file.read()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue  # Not text, or deleted but not yet committed.
    return Tree(texts)


def _list_with_git(root, untracked):
    which = ["--cached"] + (["--others", "--exclude-standard"] if untracked else [])
    # The tree belongs to whoever checked it out; tests may run as somebody else.
    command = ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"] + which
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return [path for path in done.stdout.split("\0") if path]


def _list_with_walk(root):
    paths = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith((".", "bazel-", "__pycache__"))]
        paths += [os.path.relpath(os.path.join(folder, file), root) for file in files]
    return paths
