// SPDX-License-Identifier: MIT

#include "heddle/testing/test_interceptor.h"

#include <iostream>

#include "heddle/core/divergence.h"

namespace heddle {

std::string ScheduleName(std::string_view name) {
  static constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@+-";
  std::string plain;
  for (const char c : name) {
    const bool is_plain = kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      plain += c;
    } else if (!plain.empty() && plain.back() != '_') {
      plain += '_';
    }
  }
  while (plain.ends_with('_')) plain.pop_back();
  return plain;
}

bool TestInterceptor::Adjust(ExploreOptions* options) {
  static const std::string kUnnamed = ExploreOptions().name;
  const std::string test = ScheduleName(current_test_());
  if (options->name == kUnnamed && !test.empty()) {
    explorations_ = test == last_test_ ? explorations_ + 1 : 1;
    last_test_ = test;
    options->name = test;
    if (explorations_ > 1) options->name += "@" + std::to_string(explorations_);
  }
  return environment_.Apply(options);
}

void TestInterceptor::Explored(const ExplorationResult& result) {
  for (const std::string& warning : result.warnings) {
    std::cout << "warning: " << result.name << ": " << warning << "\n";
  }
  // Without one, the test follows a schedule of its own and knows what to make of it.
  if (!environment_.schedule || result.divergence.empty()) return;
  divergence_ = DivergenceSentence(result.divergence);
}

}  // namespace heddle
