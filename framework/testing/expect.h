// SPDX-License-Identifier: MIT
//
// What a test expects of an exploration, for doctest. Stands outside of tasks, after Explore:
//
//   HEDDLE_EXPECT_CLEAN(result);      no failure was found
//   HEDDLE_EXPECT_EXHAUSTED(result);  and all executions within the bounds were run
//   HEDDLE_EXPECT_FAILURE(result, kDeadlock, "a", "b");  the first failure is a deadlock of a and b
//
// One that is not met fails the test and prints the report of each failure with the line that runs
// it again. While the environment overrides what a test explores (HEDDLE_SEED and its like, see
// environment.h), all three mean the first one: only failures decide.
//
// The macros only name doctest's; a file that uses them includes doctest itself.

#pragma once

#include <string>
#include <vector>

#include "heddle/core/failure.h"
#include "heddle/explore/result.h"

namespace heddle::internal {

// Each returns what is to be said, or an empty text if the expectation is met.
std::string ComplaintUnlessClean(const ExplorationResult& result);
std::string ComplaintUnlessExhausted(const ExplorationResult& result);
std::string ComplaintUnlessFailure(const ExplorationResult& result, FailureKind kind,
                                   const std::vector<std::string>& objects);

// Says that the environment overrides what tests explore; for the main of a test program.
void ExpectOverrides(bool overrides);

}  // namespace heddle::internal

#define HEDDLE_EXPECT_CLEAN(result) \
  HEDDLE_INTERNAL_EXPECT(::heddle::internal::ComplaintUnlessClean(result))

#define HEDDLE_EXPECT_EXHAUSTED(result) \
  HEDDLE_INTERNAL_EXPECT(::heddle::internal::ComplaintUnlessExhausted(result))

// The objects are all that the failure involves, in any order; without any, they may be what they
// like.
#define HEDDLE_EXPECT_FAILURE(result, kind, ...)                     \
  HEDDLE_INTERNAL_EXPECT(::heddle::internal::ComplaintUnlessFailure( \
      result, ::heddle::FailureKind::kind, std::vector<std::string>{__VA_ARGS__}))

#define HEDDLE_INTERNAL_EXPECT(text)                                   \
  do {                                                                 \
    const std::string heddle_complaint = (text);                       \
    if (heddle_complaint.empty()) {                                    \
      DOCTEST_CHECK(heddle_complaint.empty());                         \
    } else {                                                           \
      DOCTEST_ADD_FAIL_CHECK_AT(__FILE__, __LINE__, heddle_complaint); \
    }                                                                  \
  } while (false)
