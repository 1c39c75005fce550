#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs the Python test given as first argument. Bazel 4's own py_test starts "python", which Debian
# does not have.

exec python3 "$@"
