// SPDX-License-Identifier: MIT
//
// Invariant: a property that the program under test has to keep, stated by the scenario.
//
// A check runs between steps, sees the whole state and must not change any of it; it returns the
// violation, if there is one, as a value. It contains no scheduling point.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

struct Violation {
  // What is the case and should not be, for a person.
  std::string sentence;
  // What tells this violation from others of the same property: names of objects, and the functions
  // of the program where the obligation was broken. Both may be empty.
  std::vector<std::string> objects;
  std::vector<std::string> functions;
};

using InvariantCheck = std::function<std::optional<Violation>()>;

enum class CheckedAt {
  kEveryStep,  // After each step, and at the end.
  kEnd,        // Once all tasks have finished or are idle.
};

struct Invariant {
  std::string property;  // "INV-B1"
  CheckedAt when = CheckedAt::kEveryStep;
  InvariantCheck check;
};

}  // namespace heddle
