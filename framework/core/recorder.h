// SPDX-License-Identifier: MIT
//
// Recorder: what an execution keeps of its course, besides its decisions.
//
// Two levels: a digest of all operations, for the check that equal schedules give equal executions,
// and a full trace, for reports. Both are off in the executions of a search but for the first few.

#pragma once

#include <cstdint>
#include <string>

#include "heddle/core/trace.h"

namespace heddle {

class Recorder {
 public:
  void Reset() {
    digest_ = 0xcbf29ce484222325;
    trace_.events.clear();
    trace_.task_names.clear();
  }

  void set_tracing(bool tracing) { tracing_ = tracing; }
  bool tracing() const { return tracing_; }
  void set_digesting(bool digesting) { digesting_ = digesting; }
  bool digesting() const { return digesting_; }

  // Mixes `value` into the digest (FNV-1a over 64-bit words).
  void Mix(uint64_t value) {
    digest_ ^= value;
    digest_ *= 0x100000001b3;
    digest_ ^= digest_ >> 29;
  }

  // REQUIRES: tracing().
  void Append(Event event) { trace_.events.push_back(std::move(event)); }

  uint64_t digest() const { return digest_; }
  Trace& trace() { return trace_; }
  const Trace& trace() const { return trace_; }

 private:
  bool tracing_ = false;
  bool digesting_ = false;
  uint64_t digest_ = 0;
  Trace trace_;
};

}  // namespace heddle
