// SPDX-License-Identifier: MIT

#include "tools/cli/worker_pool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <map>
#include <vector>

#include "heddle/base/check.h"

namespace heddle::cli {

namespace {

constexpr int kMillisecondsPerTick = 1000;

struct Worker {
  size_t index = 0;
  pid_t pid = -1;
  int pipe = -1;  // Our end.
  std::string result;
};

void WriteAll(int file, const std::string& text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t written = write(file, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(kBrokenCheckExitStatus);
    done += static_cast<size_t>(written);
  }
}

class Pool {
 public:
  Pool(size_t count, size_t jobs, const WorkerCallbacks& callbacks)
      : count_(count), jobs_(jobs), callbacks_(callbacks) {}

  std::optional<LostWorker> Run() {
    while (next_to_hand_over_ < count_ && !lost_) {
      while (workers_.size() < jobs_ && next_to_start_ < count_) Start(next_to_start_++);
      Wait();
      callbacks_.tick(next_to_hand_over_ + results_.size());
    }
    for (const Worker& worker : workers_) kill(worker.pid, SIGKILL);
    for (const Worker& worker : workers_) waitpid(worker.pid, nullptr, 0);
    return lost_;
  }

 private:
  void Start(size_t index);
  void Wait();
  bool Read(Worker* worker);
  void Finish(const Worker& worker);

  const size_t count_;
  const size_t jobs_;
  const WorkerCallbacks& callbacks_;
  std::vector<Worker> workers_;
  std::map<size_t, std::string> results_;  // Done, but not yet handed over.
  size_t next_to_start_ = 0;
  size_t next_to_hand_over_ = 0;
  std::optional<LostWorker> lost_;
};

void Pool::Start(size_t index) {
  int ends[2];
  HEDDLE_CHECK(pipe2(ends, O_CLOEXEC) == 0) << "no pipe to a worker";
  std::fflush(nullptr);  // Or the child would print what is still buffered once more.
  const pid_t parent = getpid();
  const pid_t pid = fork();
  HEDDLE_CHECK(pid >= 0) << "no process for a worker";
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(kBrokenCheckExitStatus);  // It died before that was set.
    WriteAll(ends[1], callbacks_.work(index));
    _exit(0);
  }
  close(ends[1]);
  workers_.push_back({.index = index, .pid = pid, .pipe = ends[0]});
}

// Waits until some child has written something or has ended.
void Pool::Wait() {
  std::vector<pollfd> ends;
  for (const Worker& worker : workers_) ends.push_back({.fd = worker.pipe, .events = POLLIN});
  if (poll(ends.data(), ends.size(), kMillisecondsPerTick) <= 0) return;
  std::vector<Worker> running;
  for (size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].revents == 0 || Read(&workers_[i])) {
      running.push_back(std::move(workers_[i]));
    } else {
      Finish(workers_[i]);
    }
  }
  workers_ = std::move(running);
}

// Returns false once the child has closed its end.
bool Pool::Read(Worker* worker) {
  char buffer[4096];
  const ssize_t count = read(worker->pipe, buffer, sizeof(buffer));
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) return false;
  worker->result.append(buffer, static_cast<size_t>(count));
  return true;
}

void Pool::Finish(const Worker& worker) {
  close(worker.pipe);
  int status = 0;
  waitpid(worker.pid, &status, 0);
  if (status != 0) {
    const std::string how = WIFSIGNALED(status)
                                ? "was killed by signal " + std::to_string(WTERMSIG(status))
                                : "exited with status " + std::to_string(WEXITSTATUS(status));
    if (!lost_) lost_ = LostWorker{worker.index, how};
    return;
  }
  results_[worker.index] = worker.result;
  for (auto first = results_.begin(); first != results_.end() && first->first == next_to_hand_over_;
       first = results_.begin()) {
    callbacks_.done(first->first, first->second);
    results_.erase(first);
    ++next_to_hand_over_;
  }
}

}  // namespace

std::optional<LostWorker> RunWorkers(size_t count, size_t jobs, const WorkerCallbacks& callbacks) {
  HEDDLE_CHECK(jobs >= 1) << "no worker may work";
  return Pool(count, jobs, callbacks).Run();
}

}  // namespace heddle::cli
