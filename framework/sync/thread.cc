// SPDX-License-Identifier: MIT

#include "heddle/sync/thread.h"

#include <string>
#include <utility>

#include "heddle/core/object.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {

// Moves the sentence on: what the abandoned stack still holds is never freed.
[[noreturn]] static void Misuse(std::string sentence, SourceLocation where) {
  Execution::Current().Misuse(kExecutionObject, std::move(sentence), where);
}

bool Thread::joinable() const {
  if (task_ == kNoTask || !Execution::HasCurrent()) return false;
  return execution_ == Execution::Current().serial();
}

// A task whose Thread is gone can be neither joined nor detached; std::thread ends the process.
Thread::~Thread() {
  if (!joinable()) return;
  const internal::RuntimeScope scope;
  Misuse("thread destroyed without join or detach: " + Execution::Current().tasks()[task_].name,
         {});
}

Thread& Thread::operator=(Thread&& other) noexcept {
  if (joinable()) {
    const internal::RuntimeScope scope;
    Misuse("thread replaced without join or detach: " + Execution::Current().tasks()[task_].name,
           {});
  }
  execution_ = other.execution_;
  task_ = other.Take();
  return *this;
}

void Thread::join(SourceLocation where) {
  if (!joinable()) {
    const internal::RuntimeScope scope;
    Misuse("join of a thread that is not joinable", where);
  }
  Execution::Current().Join(task_, where);
  Take();
}

void Thread::detach(SourceLocation where) {
  if (!joinable()) {
    const internal::RuntimeScope scope;
    Misuse("detach of a thread that is not joinable", where);
  }
  Take();
}

}  // namespace heddle
