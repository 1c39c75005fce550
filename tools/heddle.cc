// SPDX-License-Identifier: MIT
//
// heddle: the program. It links every scenario of the tree; see `heddle --help`.

#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "heddle/base/result.h"
#include "heddle/testing/registry.h"
#include "tools/cli/arguments.h"
#include "tools/cli/command_line.h"
#include "tools/cli/commands.h"
#include "tools/cli/row_sweep.h"

namespace heddle::cli {

static int Main(const std::vector<std::string>& words, const Streams& streams) {
  const std::variant<CommandLine, Notice> line = ReadCommandLine(words);
  if (const auto* notice = std::get_if<Notice>(&line)) {
    if (notice->status != 0) return Refuse(notice->text, streams);
    streams.out << notice->text << std::flush;
    return notice->status;
  }
  const Result<Arguments> arguments = ReadArguments(std::get<CommandLine>(line));
  if (!arguments.ok()) return Refuse(arguments.error(), streams);
  const Registry& registry = Registry::Global();
  const std::vector<std::string> problems = registry.Problems();
  for (const std::string& problem : problems) streams.err << "heddle: " << problem << std::endl;
  if (!problems.empty()) return kBrokenCheck;
  switch (arguments.value().command) {
    case Command::kList:
      return List(arguments.value(), registry, streams);
    case Command::kCheck:
      return Check(arguments.value(), registry, streams);
    case Command::kRun:
      return Run(arguments.value(), registry, streams);
    case Command::kReplay:
      return Replay(arguments.value(), registry, streams);
  }
  return kBrokenCheck;
}

}  // namespace heddle::cli

int main(int argc, char** argv) {
  return heddle::cli::Main({argv + 1, argv + argc}, {std::cout, std::cerr});
}
