// SPDX-License-Identifier: MIT
//
// Interceptor: lets the program around the tests decide how far their explorations go.
//
// A test says in its code what it explores. Whoever runs it may want something else without a
// rebuild: another seed, one recorded schedule, a limit of time. The main of a test program sets an
// interceptor for that; Explore asks it before every exploration.

#pragma once

#include "heddle/explore/options.h"
#include "heddle/explore/result.h"

namespace heddle {

class Interceptor {
 public:
  virtual ~Interceptor() = default;

  // Changes `options` of an exploration that is about to begin. Returns false if it is to be
  // skipped: Explore then returns at once, with ExplorationResult::skipped.
  virtual bool Adjust(ExploreOptions* options) = 0;

  // Sees what an exploration with the adjusted options came to.
  virtual void Explored(const ExplorationResult& result) = 0;
};

// Sets the interceptor of this program, or none. Returns the one before.
// REQUIRES: no exploration is running; `interceptor` lives until it is replaced.
Interceptor* SetInterceptor(Interceptor* interceptor);

namespace internal {

Interceptor* CurrentInterceptor();

}  // namespace internal
}  // namespace heddle
