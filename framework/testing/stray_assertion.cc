// SPDX-License-Identifier: MIT

#include "heddle/testing/stray_assertion.h"

#include <string>
#include <utility>

#include "doctest/doctest.h"
#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {

namespace {

constexpr const char* kAdvice =
    " (a doctest macro was used inside a task; use HEDDLE_ENSURE there)";

// What doctest says about one macro.
struct Complaint {
  std::string condition;
  bool throws = false;
  const char* file = "";
  int line = 0;
};

[[noreturn]] void EndExecution(Complaint complaint) {
  Execution& execution = Execution::Current();
  const FailureKind kind =
      complaint.throws ? FailureKind::kUncaughtException : FailureKind::kAssertion;
  Failure failure{.kind = kind, .title = complaint.condition + kAdvice};
  failure.tasks = {execution.running().name};
  failure.frames = {{.function = "", .file = complaint.file, .line = complaint.line}};
  execution.Note("ensure", "", std::move(complaint.condition),
                 {.file = complaint.file, .line = complaint.line});
  execution.Fail(std::move(failure));
}

// Hears of every macro before doctest's own reporters do.
class Listener final : public doctest::IReporter {
 public:
  explicit Listener(const doctest::ContextOptions& /*options*/) {}

  void log_assert(const doctest::AssertData& data) override {
    if (!internal::IsTaskCode() || !data.m_failed ||
        (data.m_at & doctest::assertType::is_warn) != 0)
      return;
    const internal::RuntimeScope scope;
    EndExecution({.condition = std::string(doctest::assertString(data.m_at)) + "(" + data.m_expr +
                               ") is not correct",
                  .throws = (data.m_at & doctest::assertType::is_require) != 0,
                  .file = data.m_file,
                  .line = data.m_line});
  }
  void log_message(const doctest::MessageData& data) override {
    if (!internal::IsTaskCode() || (data.m_severity & doctest::assertType::is_warn) != 0) return;
    const internal::RuntimeScope scope;
    EndExecution({.condition = data.m_string.c_str(),
                  .throws = (data.m_severity & doctest::assertType::is_require) != 0,
                  .file = data.m_file,
                  .line = data.m_line});
  }

  void report_query(const doctest::QueryData& /*data*/) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats& /*stats*/) override {}
  void test_case_start(const doctest::TestCaseData& /*data*/) override {}
  void test_case_reenter(const doctest::TestCaseData& /*data*/) override {}
  void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
  void test_case_exception(const doctest::TestCaseException& /*exception*/) override {}
  void subcase_start(const doctest::SubcaseSignature& /*signature*/) override {}
  void subcase_end() override {}
  void test_case_skipped(const doctest::TestCaseData& /*data*/) override {}
};

}  // namespace

void WatchStrayAssertions() {
  doctest::registerReporter<Listener>("heddle", 0, /*isReporter=*/false);
}

}  // namespace heddle
