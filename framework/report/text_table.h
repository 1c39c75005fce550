// SPDX-License-Identifier: MIT
//
// TextTable: rows of text in columns of fixed width.
//
// A cell that is wider than its column runs on over the empty cells to its right; where there are
// none, its middle is left out. So columns may be narrow where most of their rows are alone.
//
// INVARIANT: no line ends in a blank, and no row is wider than the columns together.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle {

struct TableColumn {
  size_t width = 0;
  bool is_right_aligned = false;
};

class TextTable {
 public:
  // Each line begins with one blank; columns stand two blanks apart.
  explicit TextTable(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // Adds a row; missing cells are empty. REQUIRES: not more cells than columns.
  void AddRow(const std::vector<std::string>& cells);

  // Adds a row of dashes, as wide as the columns.
  void AddRule();

  // Adds a line that keeps to no column.
  void AddLine(std::string_view line);

  // Returns in which column of the screen a column begins.
  size_t Begin(size_t column) const;

  const std::string& text() const { return text_; }

 private:
  size_t Room(const std::vector<std::string>& cells, size_t column) const;

  std::vector<TableColumn> columns_;
  std::string text_;
};

}  // namespace heddle
