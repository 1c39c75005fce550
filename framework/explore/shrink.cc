// SPDX-License-Identifier: MIT

#include "heddle/explore/shrink.h"

#include <algorithm>
#include <optional>

#include "heddle/strategy/guided.h"

namespace heddle::internal {

namespace {

// A schedule that still fails, and what it deviates in.
struct Candidate {
  std::vector<Deviation> deviations;
  std::vector<Decision> decisions;
};

class Shrinker {
 public:
  Shrinker(Runner* runner, const std::string& identity)
      : runner_(runner), identity_(identity), runs_before_(runner->runs()) {}

  Shrunk Run(const std::vector<Decision>& decisions);

 private:
  std::optional<Candidate> Try(Guided guided);
  bool RemoveChunks(size_t chunk);
  std::vector<std::string> ProveNecessity();

  Runner* runner_;
  const std::string& identity_;
  uint64_t runs_before_;
  Candidate best_;
};

std::optional<Candidate> Shrinker::Try(Guided guided) {
  if (runner_->runs() - runs_before_ > kShrinkExecutionsMax) return std::nullopt;
  guided.BeginExecution();
  const ExecutionSummary summary = runner_->Run(guided, Watch::kSearch);
  if (!runner_->failure() || runner_->failure()->Identity() != identity_) return std::nullopt;
  return Candidate{.deviations = guided.applied(),
                   .decisions = {summary.decisions.begin(), summary.decisions.end()}};
}

// Tries to do without each run of `chunk` neighbouring deviations. Returns whether any could go.
bool Shrinker::RemoveChunks(size_t chunk) {
  bool removed = false;
  for (size_t begin = 0; begin < best_.deviations.size();) {
    std::vector<Deviation> fewer = best_.deviations;
    const size_t end = std::min(begin + chunk, fewer.size());
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(begin),
                fewer.begin() + static_cast<std::ptrdiff_t>(end));
    std::optional<Candidate> smaller = Try(Guided(std::move(fewer)));
    if (smaller && smaller->deviations.size() < best_.deviations.size()) {
      best_ = std::move(*smaller);
      removed = true;
    } else {
      begin += chunk;
    }
  }
  return removed;
}

const char* Noun(DeviationKind kind) {
  switch (kind) {
    case DeviationKind::kPreemption:
      return "preemption";
    case DeviationKind::kSwitch:
      return "switch";
    case DeviationKind::kExpiry:
      return "early timeout";
    case DeviationKind::kFault:
      return "fault";
    case DeviationKind::kValue:
      return "choice";
  }
  return "";
}

std::vector<std::string> Shrinker::ProveNecessity() {
  std::vector<std::string> lines;
  for (size_t i = 0; i < best_.deviations.size(); ++i) {
    const Deviation left_out = best_.deviations[i];
    std::vector<Deviation> fewer = best_.deviations;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (Try(Guided(std::move(fewer)))) continue;
    const bool passes = !runner_->failure();
    const char* place = left_out.kind == DeviationKind::kFault ? " in step " : " before step ";
    lines.push_back(std::string("The ") + Noun(left_out.kind) + place +
                    std::to_string(left_out.step) + " is necessary: without it the schedule " +
                    (passes ? "passes." : "fails in another way."));
  }
  return lines;
}

Shrunk Shrinker::Run(const std::vector<Decision>& decisions) {
  std::optional<Candidate> first = Try(Guided::Recording(decisions));
  if (!first) return {.decisions = decisions};
  best_ = std::move(*first);
  for (size_t chunk = std::max<size_t>(best_.deviations.size() / 2, 1);; chunk /= 2) {
    while (RemoveChunks(std::max<size_t>(chunk, 1))) {
    }
    if (chunk <= 1) break;
  }
  // The deviations' steps must be those of the final schedule: run it once more.
  if (std::optional<Candidate> last = Try(Guided(best_.deviations))) best_ = std::move(*last);
  Shrunk shrunk{.decisions = best_.decisions};
  shrunk.necessity = ProveNecessity();
  return shrunk;
}

}  // namespace

Shrunk Shrink(Runner* runner, const std::vector<Decision>& decisions, const std::string& identity) {
  return Shrinker(runner, identity).Run(decisions);
}

}  // namespace heddle::internal
