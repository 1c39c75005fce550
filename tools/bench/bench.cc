// SPDX-License-Identifier: MIT
//
// Compares heddle with Relacy, in one run on one machine, and the cost of a scheduling point with
// that of a fiber switch. Google Benchmark repeats and interleaves the measurements; the table at
// the end has medians and ratios.
//
//   bench [--benchmark_repetitions=N]      default 5
//   bench --benchmark_filter=REGEX         what compares with something left out says with what
//
// Ratios hold where absolute figures do not: machines differ, and differ from minute to minute.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/bench/heddle_programs.h"
#include "tools/bench/measurement.h"
#include "tools/bench/relacy_programs.h"

namespace heddle::bench {
namespace {

struct Row {
  const char* label = "";
  Program program;
  Search search = Search::kFull;
  // Relacy's full search of lock(2,8) does not finish; its random search stands in.
  Search relacy_search = Search::kFull;
};

constexpr Row kRows[] = {
    {"racy(2,5) full", {"racy", 2, 5}, Search::kFull, Search::kFull},
    {"lock(2,8) full [Relacy: random]", {"lock", 2, 8}, Search::kFull, Search::kRandom},
    {"ophil(3) full", {"ophil", 3, 0}, Search::kFull, Search::kFull},
    {"racy(2,3) random", {"racy", 2, 3}, Search::kRandom, Search::kRandom},
    {"lock(2,4) random", {"lock", 2, 4}, Search::kRandom, Search::kRandom},
    {"ophil(4) random", {"ophil", 4, 0}, Search::kRandom, Search::kRandom},
    {"prodcons(4) random", {"prodcons", 4, 0}, Search::kRandom, Search::kRandom},
};

constexpr Program kPointProgram = {"racy", 2, 4};

// All measurements by name of benchmark.
using Samples = std::map<std::string, std::vector<Measurement>>;

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double Rate(const Measurement& m) {
  return static_cast<double>(m.executions) / m.seconds;
}
double PointNanoseconds(const Measurement& m) {
  return m.seconds * 1e9 / static_cast<double>(m.operations);
}
double OperationsPerExecution(const Measurement& m) {
  return static_cast<double>(m.operations) / static_cast<double>(m.executions);
}

template <class Run>
void Add(Samples* samples, const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [samples, name, run](benchmark::State& state) {
                                 for (auto _ : state) {
                                   const Measurement measurement = run();
                                   state.SetIterationTime(measurement.seconds);
                                   (*samples)[name].push_back(measurement);
                                 }
                               })
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

// The median of what was measured under `name`; or nothing, for what a filter left out.
std::optional<double> MedianOf(const Samples& samples, const std::string& name,
                               double (*figure)(const Measurement&)) {
  const auto found = samples.find(name);
  if (found == samples.end()) return std::nullopt;
  std::vector<double> values;
  for (const Measurement& sample : found->second) values.push_back(figure(sample));
  return Median(std::move(values));
}

// A column of a table.
std::string Cell(std::optional<double> value, int decimals) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, *value);
  return text;
}

std::optional<double> Ratio(std::optional<double> value, std::optional<double> baseline) {
  if (!value || !baseline) return std::nullopt;
  return *value / *baseline;
}

void PrintMissing(const std::string& baseline) {
  std::printf("%-32s no ratio: \"%s\" was left out\n", "", baseline.c_str());
}

void PrintComparison(const Samples& samples) {
  std::printf("\n%-32s %12s %12s %8s %8s %7s\n", "program and search", "heddle", "Relacy", "heddle",
              "Relacy", "ratio");
  std::printf("%-32s %12s %12s %8s %8s %7s\n", "", "executions/s", "executions/s", "ops/exec",
              "ops/exec", "");
  for (const Row& row : kRows) {
    const std::string ours = std::string("heddle/") + row.label;
    const std::string theirs = std::string("relacy/") + row.label;
    const std::optional<double> our_rate = MedianOf(samples, ours, Rate);
    const std::optional<double> their_rate = MedianOf(samples, theirs, Rate);
    if (!our_rate && !their_rate) continue;
    const std::optional<double> ratio = Ratio(our_rate, their_rate);
    std::printf("%-32s %12s %12s %8s %8s %6s%s\n", row.label, Cell(our_rate, 0).c_str(),
                Cell(their_rate, 0).c_str(),
                Cell(MedianOf(samples, ours, OperationsPerExecution), 1).c_str(),
                Cell(MedianOf(samples, theirs, OperationsPerExecution), 1).c_str(),
                Cell(ratio, 2).c_str(), ratio ? "x" : "");
    if (!ratio) PrintMissing(our_rate ? theirs : ours);
  }
}

void PrintPointCosts(const Samples& samples) {
  const std::string baseline = "fiber round trip";
  const std::optional<double> round_trip = MedianOf(samples, baseline, PointNanoseconds);
  std::printf("\n%-32s %12s %14s\n", "scheduling point, racy(2,4)", "ns", "round trips");
  for (const std::string name : {"point/exhaustive", "point/random"}) {
    const std::optional<double> point = MedianOf(samples, name, PointNanoseconds);
    if (!point) continue;
    std::printf("%-32s %12s %14s\n", name.c_str(), Cell(point, 1).c_str(),
                Cell(Ratio(point, round_trip), 2).c_str());
    if (!round_trip) PrintMissing(baseline);
  }
  if (round_trip) std::printf("%-32s %12.1f %14.2f\n", baseline.c_str(), *round_trip, 1.0);
}

Measurement MeasureRoundTrip() {
  static constexpr uint64_t kRounds = 1'000'000;
  const double seconds = FiberRoundTripSeconds();
  return {
      .executions = 1, .operations = kRounds, .seconds = seconds * static_cast<double>(kRounds)};
}

int Main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  std::string repetitions = "--benchmark_repetitions=5";
  std::string interleaving = "--benchmark_enable_random_interleaving=true";
  std::string aggregates = "--benchmark_report_aggregates_only=true";
  arguments.insert(arguments.begin() + 1,
                   {repetitions.data(), interleaving.data(), aggregates.data()});
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;

  Samples samples;
  for (const Row& row : kRows) {
    Add(&samples, std::string("heddle/") + row.label,
        [&row] { return RunHeddle(row.program, row.search); });
    Add(&samples, std::string("relacy/") + row.label,
        [&row] { return RunRelacy(row.program, row.relacy_search); });
  }
  Add(&samples, "point/exhaustive", [] { return RunHeddle(kPointProgram, Search::kFull); });
  Add(&samples, "point/random", [] { return RunHeddle(kPointProgram, Search::kRandom); });
  Add(&samples, "fiber round trip", MeasureRoundTrip);
  benchmark::RunSpecifiedBenchmarks();
  PrintComparison(samples);
  PrintPointCosts(samples);
  return 0;
}

}  // namespace
}  // namespace heddle::bench

int main(int argc, char** argv) {
  return heddle::bench::Main(argc, argv);
}
