"""Build macros of heddle: compiler flags and include paths are written here and nowhere else.

    heddle_library    framework/, and tools/ that link it        MIT
    model_library     models/: ports and the kernel world        GPL-2.0-only
    scenario_library  scenarios/: registers one definition       as the models it links
    scenario_test     the same definition as a Bazel test
    heddle_binary     programs below tools/
    heddle_test       doctest programs below tests/
    python_test       Python programs below tests/

heddle_library, heddle_test and heddle_binary also work in a workspace that embeds heddle, where a
folder called framework/ may well mean something else: every label below goes through Label(), and
heddle's headers are seen as "heddle/...", whatever else is in the include path. Warnings are errors
only where heddle itself is built as the main workspace; the code of others stays theirs.

Every macro passes further arguments (visibility, data, tags, testonly, linkopts, ...) on to the
rule underneath. `copts` of the caller come last and win.
"""

load("@heddle_compiler//:compiler.bzl", "COMPILER")
load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library", "cc_test")

# str() of a label begins with "//", "@//" or "@@//" in the main workspace, with a name elsewhere.
_HOME = str(Label("//tools/build:defs.bzl"))
_HEDDLE_IS_MAIN = _HOME.lstrip("@").startswith("//")

_DOCTEST_MAIN = str(Label("//framework/testing:doctest_main"))
_DOCTEST = "@doctest//doctest"
_SCENARIO = str(Label("//framework/testing:scenario"))
_HOOKS = str(Label("//framework/memory:access_hooks"))

# ---- Flags --------------------------------------------------------------------------------------

_LANGUAGE = ["-std=c++20"]

_WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wcast-qual",
    "-Wextra-semi",
    "-Wformat=2",
    "-Wmissing-declarations",
    "-Wnon-virtual-dtor",
    "-Woverloaded-virtual",
    "-Wredundant-decls",
    "-Wshadow",
    "-Wundef",
    "-Wunused",
    "-Wvla",
    # Options are aggregates with defaults, filled with designated initialisers.
    "-Wno-missing-field-initializers",
    "-Werror",
] + {
    "clang": [
        "-Wimplicit-fallthrough",
    ],
    "gcc": [
        "-Wduplicated-cond",
        "-Wlogical-op",
        "-Wno-restrict",  # False alarms in std::string's operator+ at -O2 (GCC bug 105651).
    ],
}[COMPILER]

# Reports name functions and lines, so line tables are there in every build mode. The mode's own
# -g0 (-c opt) comes earlier on the command line. The linker drops them in fastbuild unless Bazel is
# told --strip=never, which no macro can do: a workspace that embeds heddle says so in its .bazelrc.
_LINES = ["-g1"]

# The compiler calls a hook before each load and store; heddle defines the hooks, so nothing is
# linked with -fsanitize=thread. The level is fixed whatever the build mode says: an optimiser keeps
# values in registers and merges accesses, and pinned counts and schedules would move with it.
# AddressSanitizer cannot be in the same file; the first flag is nothing where it is not on.
_INSTRUMENTATION = [
    "-fno-sanitize=address",
    "-fsanitize=thread",
    "-O0",
    "-g",
    "-U_FORTIFY_SOURCE",
    "-UNDEBUG",
] + {
    # clang drops the hook of a read that a write to the same place follows; gcc keeps both.
    "clang": [
        "-mllvm",
        "-tsan-instrument-read-before-write=1",
    ],
    "gcc": ["-Wno-tsan"],  # "atomic_thread_fence is not supported": our hooks do support it.
}[COMPILER]

def _flags(instrumented):
    ours = _HEDDLE_IS_MAIN and native.repository_name() == "@"
    flags = _LANGUAGE + (_WARNINGS if ours else [])
    return flags + (_INSTRUMENTATION if instrumented else _LINES)

def _hooks(instrumented):
    return [_HOOKS] if instrumented else []

# ---- Macros -------------------------------------------------------------------------------------

def heddle_library(name, srcs = [], hdrs = [], deps = [], copts = [], **kwargs):
    """One header/source pair of the framework: framework/core/x.h is "heddle/core/x.h".

    Outside framework/, as in tools/, headers are included from the workspace root.

    Args:
      name: named like the file pair.
      srcs: at most the one .cc file.
      hdrs: the one header, which is the library's contract.
      deps: exactly what the two files include.
      copts: appended to heddle's own flags.
      **kwargs: passed to cc_library.
    """
    in_framework = native.package_name().split("/")[0] == "framework"
    prefix = {
        "include_prefix": "heddle",
        "strip_include_prefix": "/framework",
    } if in_framework and hdrs and not _is_foreign() else {}
    cc_library(
        name = name,
        srcs = srcs,
        hdrs = hdrs,
        copts = _flags(False) + copts,
        linkstatic = True,
        deps = deps,
        **dict(prefix, **kwargs)
    )

def model_library(name, srcs = [], hdrs = [], deps = [], instrumented = True, copts = [], **kwargs):
    """One header/source pair of a port or of the kernel world, included from the workspace root.

    Args:
      name: named like the file pair.
      srcs: at most the one .cc file.
      hdrs: the one header.
      deps: exactly what the two files include.
      instrumented: whether each load and store of `srcs` calls heddle's hooks
        (//framework/memory:access_hooks, which becomes a dependency). On by default: a port keeps
        plain structs and raw pointers, and every access is still checked. Off for the files of the
        kernel world that implement a primitive over the framework. Instrumented files are compiled
        with -O0 in every build mode.
      copts: appended to heddle's own flags.
      **kwargs: passed to cc_library.
    """
    cc_library(
        name = name,
        srcs = srcs,
        hdrs = hdrs,
        copts = _flags(instrumented) + copts,
        linkstatic = True,
        deps = deps + _hooks(instrumented),
        **kwargs
    )

def scenario_library(
        name,
        srcs = None,
        models = [],
        deps = [],
        instrumented = True,
        copts = [],
        **kwargs):
    """A scenario: an ordinary library whose static initialiser registers its definition.

    scenario_test and //tools:heddle both link it; it is alwayslink, or the linker would drop it.

    Args:
      name: the scenario's file without its extension.
      srcs: [name + ".cc"] unless given.
      models: the models it exercises; with one it is GPL-2.0-only, without (classics, litmus) MIT.
      deps: what it includes besides heddle/testing/scenario.h and its models.
      instrumented: whether its own loads and stores call heddle's hooks; see model_library.
      copts: appended to heddle's own flags.
      **kwargs: passed to cc_library.
    """
    cc_library(
        name = name,
        srcs = srcs if srcs != None else [name + ".cc"],
        copts = _flags(instrumented) + copts,
        linkstatic = True,
        deps = models + deps + [_SCENARIO] + _hooks(instrumented),
        alwayslink = True,
        **kwargs
    )

def scenario_test(name, scenario, deps = [], shard_count = None, size = "small", **kwargs):
    """A scenario as a Bazel test: each of its variants is one doctest case.

    Args:
      name: the scenario's name and "_test".
      scenario: its scenario_library.
      deps: further libraries to link.
      shard_count: how many processes share the variants.
      size: see heddle_test.
      **kwargs: passed to cc_test.
    """
    heddle_test(
        name = name,
        srcs = [],
        deps = [scenario] + deps,
        shard_count = shard_count,
        size = size,
        **kwargs
    )

def heddle_test(
        name,
        srcs = None,
        deps = [],
        instrumented = False,
        main = _DOCTEST_MAIN,
        size = "small",
        copts = [],
        **kwargs):
    """A doctest program. Sharding, --test_filter and JUnit XML come from the main.

    Args:
      name: named like its file, which is named like the unit under test.
      srcs: [name + ".cc"] unless given.
      deps: exactly what the file includes, except doctest itself.
      instrumented: whether its own loads and stores call heddle's hooks; see model_library.
      main: the library with main(); None if `srcs` has one.
      size: how much of the machine it takes; small unless given.
      copts: appended to heddle's own flags.
      **kwargs: passed to cc_test (data, args, env, tags, shard_count, ...).
    """
    cc_test(
        name = name,
        size = size,
        srcs = srcs if srcs != None else [name + ".cc"],
        copts = _flags(instrumented) + copts,
        linkstatic = True,
        deps = deps + [_DOCTEST] + ([main] if main else []) + _hooks(instrumented),
        **kwargs
    )

def heddle_binary(name, srcs, deps = [], copts = [], **kwargs):
    """A program.

    Args:
      name: named like its file.
      srcs: its sources.
      deps: exactly what they include.
      copts: appended to heddle's own flags.
      **kwargs: passed to cc_binary.
    """
    cc_binary(
        name = name,
        srcs = srcs,
        copts = _flags(False) + copts,
        linkstatic = True,
        deps = deps,
        **kwargs
    )

def python_test(name, srcs = None, data = [], args = [], size = "small", **kwargs):
    """A Python program as a test; it passes if it exits with 0.

    Args:
      name: named like its file.
      srcs: [name + ".py"] unless given; the first is the one to run.
      data: what it reads or runs.
      args: its arguments.
      size: see heddle_test.
      **kwargs: passed to sh_test.
    """
    files = srcs if srcs != None else [name + ".py"]
    native.sh_test(
        name = name,
        size = size,
        srcs = [str(Label("//tools/build:python_test.sh"))],
        data = files + data,
        args = ["$(location %s)" % files[0]] + args,
        **kwargs
    )

def _is_foreign():
    """Whether the BUILD file being read belongs to another workspace than this file."""
    return not _HEDDLE_IS_MAIN and native.repository_name() == "@"
