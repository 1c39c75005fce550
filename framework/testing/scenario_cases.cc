// SPDX-License-Identifier: MIT

#include "heddle/testing/scenario_cases.h"

#include <map>
#include <string>

#include "doctest/doctest.h"
#include "heddle/base/check.h"
#include "heddle/testing/registry.h"
#include "heddle/testing/row_check.h"

namespace heddle {

namespace {

// doctest calls a plain function without arguments for every case; which row it is for is told by
// the name of the case.
struct Cases {
  Environment environment;
  std::map<std::string, RowRef> rows;
};

Cases& AllCases() {
  static Cases cases;
  return cases;
}

void RunCurrentCase() {
  Cases& cases = AllCases();
  const std::string name = doctest::getContextOptions()->currentTest->m_name;
  const auto found = cases.rows.find(name);
  HEDDLE_CHECK(found != cases.rows.end()) << "no row is called " << name;
  const RegisteredScenario& scenario = *found->second.scenario;
  const RowCheck check =
      CheckRow(found->second, Registry::Global().Catalogue(scenario.family()), cases.environment);
  if (check.is_skipped) {
    DOCTEST_ADD_MESSAGE_AT(scenario.where.file, scenario.where.line,
                           "skipped: HEDDLE_SCHEDULE is for another scenario");
  } else if (check.complaint.empty()) {
    DOCTEST_CHECK(check.complaint.empty());
  } else {
    DOCTEST_ADD_FAIL_CHECK_AT(scenario.where.file, scenario.where.line, check.complaint);
  }
}

}  // namespace

void RegisterScenarioCases(const Environment& environment) {
  static const doctest::detail::TestSuite kNoSuite = doctest::detail::TestSuite() * "";
  Cases& cases = AllCases();
  cases.environment = environment;
  for (const RowRef& row : Registry::Global().Rows()) {
    const auto entry = cases.rows.emplace(row.name(), row).first;
    const SourceLocation& where = row.scenario->where;
    doctest::detail::TestCase test(RunCurrentCase, where.file, static_cast<unsigned>(where.line),
                                   kNoSuite);
    doctest::detail::regTest(test * entry->first.c_str());
  }
}

}  // namespace heddle
