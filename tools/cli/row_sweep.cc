// SPDX-License-Identifier: MIT

#include "tools/cli/row_sweep.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <ostream>

#include "heddle/explore/stopwatch.h"
#include "heddle/report/wording.h"
#include "tools/cli/progress.h"
#include "tools/cli/worker_pool.h"

namespace heddle::cli {

namespace {

class Sweep {
 public:
  Sweep(const Arguments& arguments, const std::vector<RowRef>& rows, const ExploreRow& explore,
        const Streams& streams)
      : arguments_(arguments),
        rows_(rows),
        explore_(explore),
        streams_(streams),
        progress_(streams.err, ModeForStandardError(arguments.progress), rows.size()) {}

  Result<Totals> Run();

 private:
  std::optional<Error> OpenJson();
  void ExploreHere();
  void ExploreInWorkers();
  void Take(const RowRef& row, const RowOutcome& outcome);
  void WriteJson();
  bool JsonOwnsOutput() const { return arguments_.json == "-"; }

  const Arguments& arguments_;
  const std::vector<RowRef>& rows_;
  const ExploreRow& explore_;
  const Streams& streams_;
  ProgressLine progress_;
  internal::Stopwatch stopwatch_;
  std::ofstream json_file_;
  std::vector<std::string> objects_;
  Totals totals_;
};

std::optional<Error> Sweep::OpenJson() {
  if (!arguments_.json || JsonOwnsOutput()) return std::nullopt;
  json_file_.open(*arguments_.json);
  if (json_file_) return std::nullopt;
  return Error{"cannot write " + *arguments_.json + ": " + std::strerror(errno)};
}

void Sweep::ExploreHere() {
  for (size_t i = 0; i < rows_.size(); ++i) {
    progress_.Begin(i, rows_[i].name());
    Take(rows_[i], explore_(rows_[i], [this](const Progress& now) { progress_.Update(now); }));
  }
}

void Sweep::ExploreInWorkers() {
  const WorkerCallbacks callbacks = {
      .work = [this](size_t index) { return Pack(explore_(rows_[index], {})); },
      .done = [this](size_t index,
                     const std::string& packed) { Take(rows_[index], Unpack(packed)); },
      .tick =
          [this](size_t finished) { progress_.Begin(finished, CountOf(arguments_.jobs, "job")); }};
  const std::optional<LostWorker> lost = RunWorkers(rows_.size(), arguments_.jobs, callbacks);
  if (!lost) return;
  progress_.Clear();
  streams_.out.flush();
  streams_.err << "heddle: the worker that explored " << rows_[lost->index].name() << " "
               << lost->how << std::endl;
  _exit(kBrokenCheck);
}

void Sweep::Take(const RowRef& row, const RowOutcome& outcome) {
  ++totals_.rows;
  totals_.executions += outcome.executions;
  totals_.extra_executions += outcome.extra_executions;
  if (!outcome.refusal.empty()) {
    ++totals_.refused;
    progress_.Clear();
    streams_.err << "heddle: " << row.name() << " was not explored: " << outcome.refusal
                 << std::endl;
  } else if (outcome.is_good) {
    ++totals_.good;
  } else {
    totals_.bad.push_back(row.name());
  }
  if (arguments_.json) objects_.push_back(outcome.json);
  if (JsonOwnsOutput()) return;
  progress_.Clear();
  streams_.out << outcome.text << std::flush;
}

void Sweep::WriteJson() {
  if (!arguments_.json) return;
  std::ostream& out = JsonOwnsOutput() ? streams_.out : json_file_;
  out << "[";
  for (size_t i = 0; i < objects_.size(); ++i) out << (i == 0 ? "\n" : ",\n") << objects_[i];
  out << "\n]\n" << std::flush;
}

Result<Totals> Sweep::Run() {
  if (const std::optional<Error> error = OpenJson()) return *error;
  if (arguments_.jobs == 1) {
    ExploreHere();
  } else {
    ExploreInWorkers();
  }
  progress_.Clear();
  WriteJson();
  if (arguments_.json && !JsonOwnsOutput() && !json_file_) {
    return Error{"cannot write " + *arguments_.json + ": " + std::strerror(errno)};
  }
  totals_.seconds = stopwatch_.Seconds();
  return totals_;
}

}  // namespace

Result<Totals> SweepRows(const Arguments& arguments, const std::vector<RowRef>& rows,
                         const ExploreRow& explore, const Streams& streams) {
  return Sweep(arguments, rows, explore, streams).Run();
}

}  // namespace heddle::cli
