"""The external repositories of heddle, all of them made from what Debian installs.

A workspace that embeds heddle calls the same macro:

    local_repository(name = "heddle", path = "...")
    load("@heddle//tools/build:repositories.bzl", "heddle_repositories")
    heddle_repositories()

A repository that the workspace has declared before the call is left as it is.
"""

load(":system.bzl", "SYSTEM_LIBRARIES", "compiler_repository", "system_library")

# ---- What Bazel 4 itself asks for ---------------------------------------------------------------

def _stub_impl(ctx):
    ctx.file("WORKSPACE", "workspace(name = \"%s\")\n" % ctx.name)
    for path, content in ctx.attr.files.items():
        ctx.file(path, content)

_stub = repository_rule(
    implementation = _stub_impl,
    doc = "A repository of a few small files, written on the spot.",
    attrs = {"files": attr.string_dict(mandatory = True)},
)

_RULES_CC = {
    "BUILD": "",
    "cc/BUILD": "",
    # Debian's rules_cc is too new for its Bazel; the native rules are all that is needed.
    "cc/defs.bzl": "\n".join([
        "%s = native.%s" % (rule, rule)
        for rule in [
            "cc_binary",
            "cc_import",
            "cc_library",
            "cc_proto_library",
            "cc_test",
            "cc_toolchain",
            "cc_toolchain_suite",
            "fdo_prefetch_hints",
            "fdo_profile",
            "objc_library",
        ]
    ] + [""]),
}

# Every cc_test names these two, whether coverage is wanted or not.
_COVERAGE_TOOLS = {
    "BUILD": """
package(default_visibility = ["//visibility:public"])

filegroup(name = "coverage_report_generator")

filegroup(name = "lcov_merger")
""",
}

_DEBIAN = {
    "bazel_skylib": "/usr/share/bazel/tools/skylib",
    "platforms": "/usr/share/bazel/platforms",
    # Bazel 4 resolves its Java toolchain for C++ builds too.
    "rules_java": "/usr/share/bazel/rules/java",
    "rules_proto": "/usr/share/bazel/rules/proto",
}

def heddle_repositories():
    """Declares all external repositories that heddle and its macros refer to."""
    known = native.existing_rules()
    for name, path in _DEBIAN.items():
        if name not in known:
            native.local_repository(name = name, path = path)
    if "rules_cc" not in known:
        _stub(name = "rules_cc", files = _RULES_CC)
    if "remote_coverage_tools" not in known:
        _stub(name = "remote_coverage_tools", files = _COVERAGE_TOOLS)
    if "heddle_compiler" not in known:
        compiler_repository(name = "heddle_compiler")
    for name in SYSTEM_LIBRARIES:
        if name not in known:
            system_library(name)
