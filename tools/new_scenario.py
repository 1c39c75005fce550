#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the skeleton of a scenario: a red and a green variant that compile, to be changed.

Usage: tools/new_scenario.py [--print] FAMILY/NAME

It creates scenarios/FAMILY/NAME.cc and adds its targets to the BUILD file beside it; with --print
it only prints the source.
"""

import os
import re
import shutil
import subprocess
import sys

FAMILIES = ("bluetooth", "debugfs", "driver_core", "cxl", "classics", "litmus")

# Families that explore ports of the kernel, in the kernel's spelling.
KERNEL_FAMILIES = ("bluetooth", "debugfs", "driver_core", "cxl")

SOURCE = """\
// @{spdx} @{licence}
//
// Two tasks add to one counter, with and without the lock that makes it one step.
//
//   first:   [counter->lock]  read, add one, write
//   second:  [counter->lock]  read, add one, write
//
// Bug:    say what goes wrong, since which version, and where it was discussed.
// Expect: unlocked loses an addition within one preemption; locked holds within two.

@{includes}

namespace @{namespace} {

struct @{Stem}Options {
  bool locked = true;
};

@{world}

static const bool @{stem}_bugs =
    heddle::RegisterBugs("@{family}", {{.id = "@{stem}-lost",
@{pad}.kind = heddle::FailureKind::kAssertion,
@{pad}.functions = {"@{Stem}"},
@{pad}.sentence = "An addition is lost."}});

// The numbers of executions are what was seen: run `heddle check` on this scenario, read the report
// of each finding, then write them down.
static const bool @{stem} = heddle::Register<@{Stem}Options>({
    .name = "@{family}/@{stem}",
    .story = "Two tasks add to one counter.",
    .body = @{Stem},
    .bounds = {.preemptions = 2, .faults = 0},
    .variants =
        {
            {.id = "unlocked",
             .options = {.locked = false},
             .executions = @{unlocked},
             .findings = {{.bug = "@{stem}-lost", .preemptions = 1}}},
            {.id = "locked",
             .options = {.locked = true},
             .executions = @{locked},
             .decides = {"@{stem}-lost"}},
        },
});

}  // namespace @{namespace}
"""

PLAIN_INCLUDES = """\
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"
"""

PLAIN_WORLD = """\
static void @{Stem}(heddle::Execution& execution, const @{Stem}Options& options) {
  heddle::Mutex lock{"counter->lock"};
  heddle::Atomic<int> count{0, "counter->count"};
  const auto add = [&] {
    if (options.locked) lock.Lock();
    count.store(count.load() + 1);
    if (options.locked) lock.Unlock();
  };
  execution.Spawn("first", add);
  execution.Spawn("second", add);
  execution.JoinAll();
  HEDDLE_ENSURE(count.load() == 2);
}
"""

KERNEL_INCLUDES = """\
#include "heddle/testing/scenario.h"
#include "models/kernel/access_once.h"
#include "models/kernel/mutex.h"
"""

KERNEL_WORLD = """\
struct @{Stem}Counter {
  kernel::mutex lock;
  int count = 0;
};

static void AddOne(@{Stem}Counter* counter, bool locked) {
  if (locked) kernel::mutex_lock(&counter->lock);
  WRITE_ONCE(counter->count, READ_ONCE(counter->count) + 1);
  if (locked) kernel::mutex_unlock(&counter->lock);
}

static void @{Stem}(heddle::Execution& execution, const @{Stem}Options& options) {
  @{Stem}Counter world;
  @{Stem}Counter* counter = &world;
  mutex_init(&counter->lock);
  execution.Spawn("first", [&] { AddOne(counter, options.locked); });
  execution.Spawn("second", [&] { AddOne(counter, options.locked); });
  execution.JoinAll();
  HEDDLE_ENSURE(READ_ONCE(counter->count) == 2);
}
"""

# What the skeleton's two variants take at two preemptions.
UNLOCKED, LOCKED = 6, 2

BUILD_HEAD = """\
load("//tools/build:defs.bzl", "scenario_library", "scenario_test")

package(default_visibility = ["//:scenario_users"])
"""

BUILD_TARGETS = """
scenario_library(
    name = "@{stem}",
    @{attribute} = [
@{deps}    ],
)

scenario_test(
    name = "@{stem}_test",
    scenario = ":@{stem}",
)
"""

PLAIN_DEPS = ("//framework/sync:atomic", "//framework/sync:mutex")
KERNEL_DEPS = ("//models/kernel:access_once", "//models/kernel:mutex")


def camel(stem):
    return "".join(word.capitalize() for word in stem.split("_"))


def fill(template, name):
    family, stem = name.split("/")
    kernel = family in KERNEL_FAMILIES
    values = {
        "spdx": "SPDX-" "License-Identifier:",
        "licence": "GPL-2.0-only" if kernel else "MIT",
        "includes": (KERNEL_INCLUDES if kernel else PLAIN_INCLUDES).rstrip(),
        "namespace": f"models::{family}" if kernel else "scenarios",
        "world": (KERNEL_WORLD if kernel else PLAIN_WORLD).rstrip(),
        "attribute": "models" if kernel else "deps",
        "deps": "".join(f'        "{d}",\n' for d in (KERNEL_DEPS if kernel else PLAIN_DEPS)),
        "pad": " " * len(f'    heddle::RegisterBugs("{family}", {{{{'),
        "Stem": camel(stem),
        "stem": stem,
        "family": family,
        "unlocked": str(UNLOCKED),
        "locked": str(LOCKED),
    }
    while "@{" in template:  # A value may contain further ones.
        template = re.sub(r"@\{(\w+)\}", lambda match: values[match.group(1)], template)
    return template


def complaint(root, name):
    """Why there can be no scenario of this name, or None."""
    family, _, stem = name.partition("/")
    if family not in FAMILIES:
        return f"'{name}' must be FAMILY/NAME, with one of the families {', '.join(FAMILIES)}"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", stem):
        return f"'{stem}' must be snake_case"
    if os.path.exists(os.path.join(root, "scenarios", name + ".cc")):
        return f"scenarios/{name}.cc is there already"
    return None


def create(root, name):
    """Writes the source and the targets; returns the paths that changed."""
    source = os.path.join("scenarios", name + ".cc")
    build = os.path.join("scenarios", name.split("/")[0], "BUILD")
    os.makedirs(os.path.join(root, os.path.dirname(source)), exist_ok=True)
    with open(os.path.join(root, source), "w", encoding="utf-8") as file:
        file.write(fill(SOURCE, name))
    fresh = not os.path.exists(os.path.join(root, build))
    with open(os.path.join(root, build), "a", encoding="utf-8") as file:
        file.write((BUILD_HEAD if fresh else "") + fill(BUILD_TARGETS, name))
    if shutil.which("clang-format"):  # A long name may need other line breaks.
        subprocess.run(["clang-format", "--style=file", "-i", source], cwd=root, check=True)
    return [source, build]


def main(arguments):
    root = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    if len(arguments) == 2 and arguments[0] == "--print":
        print(fill(SOURCE, arguments[1]), end="")
        return 0
    if len(arguments) != 1:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    wrong = complaint(root, arguments[0])
    if wrong:
        print(f"new-scenario: {wrong}", file=sys.stderr)
        return 2
    for path in create(root, arguments[0]):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
