// SPDX-License-Identifier: MIT
//
// Markdown: the tables of scenarios/README.md, made from the registry, so that nothing about a
// scenario is written down twice.

#pragma once

#include <string>
#include <vector>

#include "heddle/testing/registry.h"
#include "heddle/testing/row.h"

namespace heddle::cli {

// Returns, for each family of `rows`: a table of its bugs with the rows that decide them, one for
// each set of candidates with the bugs that each of them has, and one of each scenario's variants
// with their pins.
std::string MarkdownTables(const Registry& registry, const std::vector<RowRef>& rows);

}  // namespace heddle::cli
