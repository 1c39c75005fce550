// SPDX-License-Identifier: MIT
//
// ProgressLine: what is going on, on standard error: one line that is rewritten on a terminal, a
// plain line every few seconds elsewhere.

#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "heddle/explore/options.h"
#include "heddle/explore/stopwatch.h"

namespace heddle::cli {

enum class ProgressMode { kOff, kTerminal, kLines };

// Returns kOff unless `wanted`, else what suits standard error.
ProgressMode ModeForStandardError(bool wanted);

class ProgressLine {
 public:
  ProgressLine(std::ostream& out, ProgressMode mode, size_t rows)
      : out_(out), mode_(mode), rows_(rows) {}
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `finished` rows are done; `what` is going on now: the name of a row, or how many are worked on.
  void Begin(size_t finished, std::string what);
  // How far the row of Begin is.
  void Update(const Progress& progress);
  // Takes the line off the terminal, so that something else can be printed.
  void Clear();

 private:
  void Show(const std::string& text);

  std::ostream& out_;
  const ProgressMode mode_;
  const size_t rows_;
  size_t finished_ = 0;
  std::string what_;
  internal::Stopwatch stopwatch_;
  double last_line_ = 0;
  bool is_shown_ = false;
};

}  // namespace heddle::cli
