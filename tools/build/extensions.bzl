"""The module extension behind MODULE.bazel, for Bazel 7 and later.

It has a file of its own because Bazel 4, which reads WORKSPACE, does not know `module_extension`.
"""

load(":system.bzl", "compiler_repository", "system_library")

def _heddle_system_impl(_ctx):
    compiler_repository(name = "heddle_compiler")
    system_library("elfutils")
    system_library("relacy")

heddle_system = module_extension(implementation = _heddle_system_impl)
