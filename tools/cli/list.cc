// SPDX-License-Identifier: MIT

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "heddle/report/wording.h"
#include "tools/cli/commands.h"
#include "tools/cli/markdown.h"
#include "tools/cli/selection.h"

namespace heddle::cli {

// What a variant is about, in one sentence: its note, or what it is pinned to.
static std::string Sentence(const RowRef& row, const BugCatalogue& catalogue) {
  if (!row.row->note.empty()) return row.row->note;
  std::string text;
  for (const ExpectedFinding& finding : row.row->findings) {
    const BugPattern* bug = catalogue.Find(finding.bug);
    const bool is_told = bug != nullptr && !bug->sentence.empty();
    text += (text.empty() ? "" : "; ") + finding.bug + (is_told ? ": " + bug->sentence : "");
  }
  return text.empty() ? "nothing is found within the bounds" : text;
}

static std::string ParametersText(const RegisteredScenario& scenario) {
  std::string text;
  for (const auto& [name, parameter] : scenario.parameters) {
    text += (text.empty() ? "" : " ") + name + "=" + std::to_string(parameter.value);
  }
  return text;
}

static size_t VariantWidth(const std::vector<RowRef>& rows) {
  size_t width = 0;
  for (const RowRef& row : rows) width = std::max(width, row.row->id.size());
  return width;
}

int List(const Arguments& arguments, const Registry& registry, const Streams& streams) {
  const Result<std::vector<RowRef>> rows = SelectRows(registry, arguments.patterns);
  if (!rows.ok()) return Refuse(rows.error(), streams);
  if (arguments.markdown) {
    streams.out << MarkdownTables(registry, rows.value()) << std::flush;
    return kNothingFound;
  }
  const size_t width = VariantWidth(rows.value());
  const RegisteredScenario* last = nullptr;
  for (const RowRef& row : rows.value()) {
    if (row.scenario != last) {
      streams.out << Paragraph(row.scenario->name + ": ", row.scenario->story);
      const std::string parameters = ParametersText(*row.scenario);
      if (!parameters.empty()) streams.out << Paragraph("  parameters: ", parameters);
    }
    last = row.scenario;
    std::string head = "  @" + row.row->id;
    head.resize(width + 5, ' ');
    streams.out << Paragraph(head, Sentence(row, registry.Catalogue(row.scenario->family())));
  }
  streams.out << std::flush;
  return kNothingFound;
}

}  // namespace heddle::cli
