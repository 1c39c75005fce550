// SPDX-License-Identifier: MIT
//
// StrayAssertion: what becomes of doctest's macros where they do not belong, inside a task.
//
// doctest knows nothing of schedules, and some of its macros throw. One that fails in a task ends
// the execution with a failure that carries its condition and the schedule: kAssertion, or
// kUncaughtException for those that throw. doctest itself does not hear of it.

#pragma once

namespace heddle {

// Watches doctest's macros from now on. Called once, before the tests run.
void WatchStrayAssertions();

}  // namespace heddle
