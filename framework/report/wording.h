// SPDX-License-Identifier: MIT
//
// Wording: how reports count, list and name things, and how they fit text into their columns.
//
// INVARIANT: what these functions return is printable ASCII, whatever the program under test calls
// its tasks and objects.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/base/ids.h"

namespace heddle {

// Longest line of a report.
inline constexpr size_t kReportColumns = 98;

// Returns "1 task", "3 tasks", "12000 steps".
std::string CountOf(uint64_t count, std::string_view noun);

// Returns "a", "a and b", "a, b and c".
std::string ListOf(const std::vector<std::string>& items);

// Returns "T2" or, with a name, "T2 bluetoothd".
std::string TaskLabel(TaskId task, std::string_view name = {});

// Returns what a person calls a function: without namespaces' and parameters' noise, and "(lambda)"
// for a call operator.
std::string FunctionLabel(std::string_view function);

// Returns "l2cap_core.cc:28", or nothing for a place without a file.
std::string PlaceLabel(std::string_view file, int line);

// Returns `text` with each byte that is not printable ASCII replaced by '?'.
std::string Printable(std::string_view text);

// Returns `text`, its middle replaced by "..." if it is wider than `width`. REQUIRES: width >= 5.
std::string Shorten(std::string_view text, size_t width);

// Returns `text` broken between words into lines of at most kReportColumns, each ended. The first
// begins with `head`, the others with as many blanks. A word that fits no line is broken.
std::string Paragraph(std::string_view head, std::string_view text);

// Returns a command line broken like a shell reads it: backslashes at the ends of lines, and no
// blank where a word goes on. The first line begins with two blanks.
std::string CommandLines(const std::vector<std::string>& words);

}  // namespace heddle
