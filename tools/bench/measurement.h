// SPDX-License-Identifier: MIT
//
// Measurement: what one run of one tool on one program did.

#pragma once

#include <cstdint>
#include <ctime>

namespace heddle::bench {

struct Measurement {
  uint64_t executions = 0;
  // Scheduling points (heddle), visible operations of the program (Relacy): the tools count
  // differently.
  uint64_t operations = 0;
  // Of this process on its processor: other processes on the machine do not count.
  double seconds = 0;
};

// Measures the processor time since its construction.
class Meter {
 public:
  double Seconds() const {
    return static_cast<double>(std::clock() - start_) / static_cast<double>(CLOCKS_PER_SEC);
  }

 private:
  std::clock_t start_ = std::clock();
};

enum class Search { kFull, kRandom };

// A search that is over sooner is repeated, and what it did is added up.
inline constexpr double kSecondsMin = 0.1;

// Executions of a sampled search.
inline constexpr uint64_t kSampledExecutions = 100'000;

// A program by the contract's name and parameters: "racy(2,5)" is {"racy", 2, 5}.
struct Program {
  const char* name = "";
  int first = 0;
  int second = 0;
};

}  // namespace heddle::bench
