// SPDX-License-Identifier: MIT
//
// Explore: runs a body under many schedules and returns what it found.
//
//   const heddle::ExplorationResult result = heddle::Explore(
//       {.bounds = {.preemptions = 2}}, [](heddle::Execution& execution) {
//         heddle::Mutex a{"a"}, b{"b"};
//         execution.Spawn("left", [&] { std::scoped_lock both(a, b); });
//         execution.Spawn("right", [&] { std::scoped_lock both(b, a); });
//         execution.JoinAll();
//       });
//
// The body runs once per execution, as task "main". It may create, spawn and join whatever it
// likes, but must behave equally under equal schedules: no clocks, no randomness, no state left
// over from earlier executions.

#pragma once

#include <functional>
#include <utility>

#include "heddle/core/execution.h"
#include "heddle/explore/options.h"
#include "heddle/explore/result.h"

namespace heddle {

using Body = std::function<void(Execution&)>;

// Explores `body` as `options` say. Failures of the program under test are values in the result.
// REQUIRES: not called from a task; options are valid (see ValidateOptions).
ExplorationResult Explore(const ExploreOptions& options, const Body& body);

// The same for a body with further arguments, such as the variant of a model.
template <class Function, class Argument, class... Arguments>
ExplorationResult Explore(const ExploreOptions& options, Function function, Argument argument,
                          Arguments... arguments) {
  return Explore(options,
                 Body([=](Execution& execution) { function(execution, argument, arguments...); }));
}

// Returns a sentence that says what is wrong with `options`, or an empty text.
std::string ValidateOptions(const ExploreOptions& options);

// Returns the name that the command line and JSON use: "exhaustive".
std::string_view StrategyName(StrategyKind strategy);

}  // namespace heddle
