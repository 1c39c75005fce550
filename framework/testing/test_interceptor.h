// SPDX-License-Identifier: MIT
//
// TestInterceptor: applies the environment to tests that call Explore themselves, and gives their
// explorations the name of the test that is running.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "heddle/explore/interceptor.h"
#include "heddle/testing/environment.h"

namespace heddle {

// Returns `name` as it stands in a schedule: "two tellers race" becomes "two_tellers_race".
std::string ScheduleName(std::string_view name);

class TestInterceptor final : public Interceptor {
 public:
  // `current_test` returns the name of the test that is running, or an empty text.
  TestInterceptor(Environment environment, std::function<std::string()> current_test)
      : environment_(std::move(environment)), current_test_(std::move(current_test)) {}

  // An exploration without a name of its own gets that of its test; the second one in a test gets
  // "@2" after it, and so on.
  bool Adjust(ExploreOptions* options) override;
  // Prints the warnings of the exploration: a pass that means little must not pass unseen.
  void Explored(const ExplorationResult& result) override;

  const Environment& environment() const { return environment_; }

  // Whether a schedule from the environment did not fit its test; what to say about it.
  const std::string& divergence() const { return divergence_; }

 private:
  Environment environment_;
  std::function<std::string()> current_test_;
  std::string last_test_;
  uint32_t explorations_ = 0;  // Unnamed ones of last_test_.
  std::string divergence_;
};

}  // namespace heddle
