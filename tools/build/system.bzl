"""Repository rules for what Debian installs: libraries and the compiler."""

# ---- Libraries ----------------------------------------------------------------------------------

def _system_library_impl(ctx):
    for path in ctx.attr.include:
        source = ctx.path("/usr/include/" + path)
        if not source.exists:
            fail("%s is missing; install the Debian package %s" % (source, ctx.attr.package))
        ctx.symlink(source, "include/" + path)
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)
    ctx.symlink(ctx.attr.build_file, "BUILD.bazel")
    for package, content in ctx.attr.packages.items():
        ctx.file(package + "/BUILD.bazel", content)

_system_library = repository_rule(
    implementation = _system_library_impl,
    local = True,  # A package may come and go between two runs of Bazel.
    doc = "A library whose headers lie below /usr/include and whose archive the linker finds.",
    attrs = {
        "build_file": attr.label(mandatory = True),
        "include": attr.string_list(
            mandatory = True,
            doc = "Paths below /usr/include; only they are visible through the repository.",
        ),
        "package": attr.string(mandatory = True, doc = "The Debian package that holds them."),
        "packages": attr.string_dict(doc = "Further BUILD files: package to content."),
    },
)

# Repository names and labels are those of the Bazel Central Registry where it has the library.
SYSTEM_LIBRARIES = {
    "boost.context": struct(package = "libboost-context-dev", include = ["boost"]),
    "range-v3": struct(package = "librange-v3-dev", include = ["range", "concepts", "meta", "std"]),
    "doctest": struct(package = "doctest-dev", include = ["doctest"]),
    "cli11": struct(package = "libcli11-dev", include = ["CLI"]),
    "nlohmann_json": struct(package = "nlohmann-json3-dev", include = ["nlohmann"]),
    "elfutils": struct(
        package = "libdw-dev",
        include = ["dwarf.h", "elfutils", "gelf.h", "libelf.h"],
    ),
    "google_benchmark": struct(package = "libbenchmark-dev", include = ["benchmark"]),
    "relacy": struct(package = "relacy-dev", include = ["relacy"]),
}

_DOCTEST_PACKAGE = """
alias(
    name = "doctest",
    actual = "//:doctest",
    visibility = ["//visibility:public"],
)
"""

def system_library(name):
    """Declares one of SYSTEM_LIBRARIES as a repository of that name."""
    library = SYSTEM_LIBRARIES[name]
    _system_library(
        name = name,
        build_file = Label("//tools/third_party:%s.BUILD" % name),
        include = library.include,
        package = library.package,
        # The registry's doctest has its library one folder down.
        packages = {"doctest": _DOCTEST_PACKAGE} if name == "doctest" else {},
    )

# ---- The compiler -------------------------------------------------------------------------------

def _compiler_impl(ctx):
    name = ctx.os.environ.get("CC", "gcc")
    compiler = name if name.startswith("/") else ctx.which(name)
    is_clang = False
    if compiler:
        is_clang = "clang" in ctx.execute([compiler, "--version"]).stdout
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)
    ctx.file("BUILD.bazel", "")
    ctx.file("compiler.bzl", "COMPILER = \"%s\"\n" % ("clang" if is_clang else "gcc"))

compiler_repository = repository_rule(
    implementation = _compiler_impl,
    configure = True,
    environ = ["CC", "PATH"],
    doc = "Says which compiler $CC is: Bazel 4's own toolchain calls both by one name.",
)
