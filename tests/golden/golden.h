// SPDX-License-Identifier: MIT
//
// Golden files: texts that must not change by accident, kept beside their tests and compared byte
// for byte.
//
//   CHECK(golden::Difference("abba_deadlock.txt", FailureReport(...)) == "");
//
// A change that is meant is taken over by running the test once more, outside of Bazel's sandbox:
//
//   HEDDLE_UPDATE_GOLDEN=1 bazel run //tests/golden:report_test

#pragma once

#include <string>
#include <string_view>

namespace golden {

// Returns an empty text if tests/golden/`name` holds just `actual`; else the lines that differ, and
// how to update the file. With HEDDLE_UPDATE_GOLDEN set, writes the file instead.
std::string Difference(std::string_view name, std::string_view actual);

}  // namespace golden
