// SPDX-License-Identifier: MIT
//
// The main of every test program: doctest's, with what Bazel and heddle's environment ask for. Rows
// of scenarios that are linked in become test cases beside those that the program defines itself.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

// Signals are heddle's: while tasks run they turn into findings.
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS
#define DOCTEST_CONFIG_IMPLEMENT
#include "doctest/doctest.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/explore/interceptor.h"
#include "heddle/testing/case_selection.h"
#include "heddle/testing/environment.h"
#include "heddle/testing/expect.h"
#include "heddle/testing/registry.h"
#include "heddle/testing/scenario_cases.h"
#include "heddle/testing/stray_assertion.h"
#include "heddle/testing/test_interceptor.h"

namespace heddle {
namespace {

constexpr int kBadInputExitStatus = 2;
constexpr int kBrokenDefinitionExitStatus = 3;

// ---- JUnit XML where Bazel wants it

// The stream is a base so that it is open before doctest's reporter is given it.
struct XmlFile {
  explicit XmlFile(const doctest::ContextOptions& context)
      : file(std::getenv("XML_OUTPUT_FILE")), options(context) {
    options.cout = &file;
  }
  std::ofstream file;
  doctest::ContextOptions options;
};

// doctest's own reporter leaves out failures that are reported as messages, as those of rows are,
// and takes warnings for failures. It may be called in a task, and outlives it.
class BazelReporter final : private XmlFile, public doctest::JUnitReporter {
 public:
  explicit BazelReporter(const doctest::ContextOptions& context)
      : XmlFile(context), doctest::JUnitReporter(XmlFile::options) {}

  void log_assert(const doctest::AssertData& data) override {
    if ((data.m_at & doctest::assertType::is_warn) != 0) return;
    const internal::RuntimeScope scope;
    doctest::JUnitReporter::log_assert(data);
  }
  void log_message(const doctest::MessageData& message) override {
    if (message.m_severity == doctest::assertType::is_warn) return;
    const internal::RuntimeScope scope;
    const std::string text = message.m_string.c_str();
    testCaseData.addFailure(text.substr(0, text.find('\n')), "FAIL", text);
  }
};

// ---- Which cases run

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const doctest::detail::TestCase& test : doctest::detail::getRegisteredTests()) {
    names.emplace_back(test.m_name);
  }
  return names;
}

// Forgets the cases that are not selected; `selected` is in the order of CaseNames.
void KeepOnly(const std::vector<bool>& selected) {
  std::set<doctest::detail::TestCase>& cases = doctest::detail::getRegisteredTests();
  size_t index = 0;
  for (auto test = cases.begin(); test != cases.end();) {
    test = selected[index++] ? std::next(test) : cases.erase(test);
  }
}

// Without a case that the schedule names, cases may still explore under names of their own.
std::vector<bool> SelectScheduled(const std::vector<std::string>& names, const Schedule& schedule) {
  std::vector<bool> selected;
  bool any = false;
  for (const std::string& name : names) {
    const std::string plain = ScheduleName(name);
    const bool is_named = schedule.name == plain || schedule.name.starts_with(plain + "@");
    selected.push_back(is_named);
    any |= is_named;
  }
  if (any) return selected;
  for (size_t i = 0; i < names.size(); ++i) selected[i] = !Registry::Global().FindRow(names[i]);
  return selected;
}

// Returns a sentence if the schedule names a variant that its scenario, which is linked in, has
// not.
std::string ComplainAboutVariant(const Schedule& schedule) {
  const size_t at = schedule.name.find('@');
  const auto& scenarios = Registry::Global().scenarios();
  const auto scenario = scenarios.find(schedule.name.substr(0, at));
  if (scenario == scenarios.end() || Registry::Global().FindRow(schedule.name)) return "";
  std::string sentence =
      "HEDDLE_SCHEDULE is for '" + schedule.name + "'; the variants of " + scenario->first + " are";
  for (const ScenarioRow& row : scenario->second.rows) sentence += " " + row.id;
  return sentence;
}

// ---- The program

int Refuse(const std::string& sentence) {
  std::cerr << sentence << "\n";
  return kBadInputExitStatus;
}

// Tells Bazel that this program shares its cases among shards.
void TouchShardStatusFile() {
  if (const char* path = std::getenv("TEST_SHARD_STATUS_FILE")) std::ofstream(path).flush();
}

int Run(int argc, char** argv, const Environment& environment, const CaseSelection& selection) {
  doctest::Context context(argc, argv);
  RegisterScenarioCases(environment);
  if (environment.schedule) {
    const std::string sentence = ComplainAboutVariant(*environment.schedule);
    if (!sentence.empty()) return Refuse(sentence);
    KeepOnly(SelectScheduled(CaseNames(), *environment.schedule));
    if (CaseNames().empty()) {
      std::cout << "skipped: HEDDLE_SCHEDULE is for " << environment.schedule->name << "\n";
    }
  }
  TouchShardStatusFile();
  KeepOnly(selection.Select(CaseNames()));
  if (std::getenv("XML_OUTPUT_FILE") != nullptr) {
    doctest::registerReporter<BazelReporter>("bazel", 0, /*isReporter=*/false);
  }
  WatchStrayAssertions();
  TestInterceptor interceptor(environment, [] {
    const doctest::detail::TestCase* test = doctest::getContextOptions()->currentTest;
    return std::string(test == nullptr ? "" : test->m_name);
  });
  internal::ExpectOverrides(environment.overrides());
  SetInterceptor(&interceptor);
  const int status = context.run();
  SetInterceptor(nullptr);
  if (!interceptor.divergence().empty()) return Refuse(interceptor.divergence());
  return status;
}

}  // namespace
}  // namespace heddle

int main(int argc, char** argv) {
  const heddle::VariableLookup lookup = [](const char* name) { return std::getenv(name); };
  const heddle::Result<heddle::Environment> environment = heddle::ReadEnvironment(lookup);
  if (!environment.ok()) return heddle::Refuse(environment.error());
  const heddle::Result<heddle::CaseSelection> selection = heddle::ReadCaseSelection(lookup);
  if (!selection.ok()) return heddle::Refuse(selection.error());
  const std::vector<std::string> problems = heddle::Registry::Global().Problems();
  for (const std::string& problem : problems) std::cerr << problem << "\n";
  if (!problems.empty()) return heddle::kBrokenDefinitionExitStatus;
  return heddle::Run(argc, argv, environment.value(), selection.value());
}
