// SPDX-License-Identifier: MIT

#include "heddle/report/text_table.h"

#include <algorithm>

#include "heddle/base/check.h"
#include "heddle/report/wording.h"

namespace heddle {

static constexpr size_t kMargin = 1;
static constexpr size_t kGap = 2;

size_t TextTable::Begin(size_t column) const {
  size_t begin = kMargin;
  for (size_t i = 0; i < column; ++i) begin += columns_[i].width + kGap;
  return begin;
}

// Returns how far a cell may run: to the next one that is not empty.
size_t TextTable::Room(const std::vector<std::string>& cells, size_t column) const {
  size_t next = column + 1;
  while (next < columns_.size() && (next >= cells.size() || cells[next].empty())) ++next;
  return Begin(next) - Begin(column) - kGap;
}

void TextTable::AddRow(const std::vector<std::string>& cells) {
  HEDDLE_CHECK(cells.size() <= columns_.size()) << "a row has more cells than there are columns";
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    const std::string cell = Shorten(cells[i], std::max<size_t>(Room(cells, i), 5));
    const size_t width = columns_[i].width;
    const bool shifts = columns_[i].is_right_aligned && cell.size() < width;
    const size_t begin = Begin(i) + (shifts ? width - cell.size() : 0);
    line.resize(std::max(begin, line.size()), ' ');
    line += cell;
  }
  AddLine(line);
}

void TextTable::AddRule() {
  std::string line;
  for (size_t i = 0; i < columns_.size(); ++i) {
    line.resize(Begin(i), ' ');
    line.append(columns_[i].width, '-');
  }
  AddLine(line);
}

void TextTable::AddLine(std::string_view line) {
  const size_t last = line.find_last_not_of(' ');
  if (last != std::string_view::npos) text_ += line.substr(0, last + 1);
  text_ += '\n';
}

}  // namespace heddle
