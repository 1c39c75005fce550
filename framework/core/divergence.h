// SPDX-License-Identifier: MIT
//
// Divergence: why an execution could not go on with the decisions it was given. That happens when a
// program has changed since a schedule was recorded, or does not behave equally under equal
// schedules.

#pragma once

#include <string>

namespace heddle {

class Execution;

// Returns "decision 5: the schedule runs T2, but T2 is blocked on conn->lock".
// REQUIRES: execution.decider().diverged().
std::string DescribeDivergence(const Execution& execution);

// Returns the sentence for whoever wanted to replay a schedule: "DIVERGED at decision 5: ...; the
// program or the model has changed since this schedule was recorded".
std::string DivergenceSentence(const std::string& description);

}  // namespace heddle
