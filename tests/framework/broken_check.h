// SPDX-License-Identifier: MIT
//
// How a process ends that breaks a rule of the framework: by printing the rule, and by status 3.

#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <string>

namespace heddle {

struct EndOfProcess {
  int status = -1;  // -1: ended by a signal, or not by itself.
  std::string errors;
};

// Runs `function` in a process of its own.
template <class Function>
EndOfProcess InProcess(Function function) {
  int ends[2];
  EndOfProcess end;
  if (pipe(ends) != 0) return end;
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    function();
    _exit(0);
  }
  close(ends[1]);
  char buffer[512];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    end.errors.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  if (waitpid(child, &status, 0) == child && WIFEXITED(status)) end.status = WEXITSTATUS(status);
  return end;
}

}  // namespace heddle
