#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs clang-tidy on the project's sources; also writes compile_commands.json for editors.

Usage: tools/lint.py [--all | FILE...]

Without arguments: what differs from main, committed or not; on main itself, what the last commit
changed. A header is checked through a source that includes it. A file that came out clean is not
checked again until it, a header that it reaches or the settings change.
"""

import concurrent.futures
import hashlib
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

# pylint: disable=wrong-import-position
from style import cpp_text, layer_rules, tree

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SCRATCH = os.path.join(ROOT, ".lint")
FLAGS = ["-xc++", "-std=c++20", "-iquote", ROOT, "-I", os.path.join(SCRATCH, "include")]


def git(*arguments):
    command = ["git", "-C", ROOT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else None


def changed():
    """Paths that differ from main, or None if there is nothing to compare with."""
    for main in ("main", "origin/main"):
        base = git("merge-base", "HEAD", main)
        if base:
            break
    if not base:
        return None
    if base == git("rev-parse", "HEAD") and git("rev-parse", "HEAD~1"):
        base = ["HEAD~1"]
    tracked = git("diff", "--name-only", "--diff-filter=d", base[0])
    untracked = git("ls-files", "--others", "--exclude-standard")
    return None if tracked is None else tracked + (untracked or [])


class Project:
    """The sources and who includes whom."""

    def __init__(self):
        self.tree = tree.load(ROOT, untracked=True)
        self.sources = [file.path for file in self.tree.cpp() if not file.is_header]
        self._direct = {
            file.path: {
                target
                for _, path, _ in cpp_text.includes(file)
                if (target := layer_rules.resolve(self.tree, file, path))
            }
            for file in self.tree.cpp()
        }

    def reach(self, path):
        """All headers that a file includes, directly or not."""
        seen, todo = set(), [path]
        while todo:
            for target in self._direct.get(todo.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return seen

    def sources_for(self, paths):
        """The sources among `paths`, and for each header one source that includes it."""
        chosen = {path for path in paths if path in self.sources}
        for header in (path for path in paths if path.endswith(".h") and path in self.tree):
            own = header[: -len(".h")] + ".cc"
            users = [source for source in self.sources if header in self._direct[source]]
            chosen |= {own} if own in users else set(users[:1])
        return sorted(chosen)

    def digest(self, source):
        """Changes whenever the verdict on `source` may change."""
        settings = [path for path in (".clang-tidy", "models/.clang-tidy") if path in self.tree]
        digest = hashlib.sha256()
        for path in [source] + sorted(self.reach(source)) + settings:
            digest.update(self.tree[path].text.encode())
        return digest.hexdigest()


def prepare(project):
    """Makes "heddle/..." lead to framework/, as Bazel does, and tells editors about the flags."""
    os.makedirs(os.path.join(SCRATCH, "include"), exist_ok=True)
    os.makedirs(os.path.join(SCRATCH, "clean"), exist_ok=True)
    link = os.path.join(SCRATCH, "include", "heddle")
    if not os.path.islink(link):
        os.symlink(os.path.join("..", "..", "framework"), link)
    commands = [
        {"directory": ROOT, "file": source, "arguments": ["clang++", *FLAGS, "-c", source]}
        for source in project.sources
    ]
    with open(os.path.join(ROOT, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands, file, indent=1)


def lint(project, source):
    """Checks one source; returns what clang-tidy said, or "" if it is clean."""
    stamp = os.path.join(SCRATCH, "clean", project.digest(source))
    if os.path.exists(stamp):
        return ""
    command = ["clang-tidy", "--quiet", source, "--", *FLAGS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        with open(stamp, "w", encoding="utf-8"):
            return ""
    return done.stdout.replace(os.path.join(SCRATCH, "include", "heddle"), "framework").replace(
        ROOT + "/", ""
    ) + ("" if done.stdout.strip() else done.stderr)


def main(arguments):
    project = Project()
    prepare(project)
    if arguments and arguments != ["--all"]:
        sources = project.sources_for([os.path.relpath(path, ROOT) for path in arguments])
    else:
        paths = None if arguments else changed()
        sources = project.sources if paths is None else project.sources_for(paths)
    dirty = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outputs = pool.map(lambda source: lint(project, source), sources)
        for number, (source, output) in enumerate(zip(sources, outputs), 1):
            verdict = "findings" if output else "clean"
            print(f"lint: [{number}/{len(sources)}] {source}: {verdict}", flush=True)
            if output:
                dirty += 1
                print(output)
    print(f"lint: {len(sources)} sources, {dirty} with findings")
    return 1 if dirty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
