// SPDX-License-Identifier: MIT
//
// CLI11 knows the grammar and prints the help. Words that it does not know are left to us, because
// a refusal should name what was probably meant.

#include "tools/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "tools/cli/near_names.h"

namespace heddle::cli {

namespace {

using Text = CommandLine::Text;

constexpr const char* kFooter =
    "Exit status: 0 nothing found, or all as pinned; 1 a failure, or a verdict that differs;\n"
    "2 bad usage or bad input; 3 a broken check inside heddle.";

void AddFlag(CLI::App* command, const std::string& name, Text* value, const std::string& type,
             const std::string& help) {
  command->add_option(name, *value, help)->type_name(type)->take_last();
}

void AddLimits(CLI::App* command, CommandLine* line) {
  AddFlag(command, "--executions", &line->executions, "N", "stop each row after N executions");
  AddFlag(command, "--time", &line->time, "SECONDS", "stop each row after so many seconds");
  AddFlag(command, "--jobs", &line->jobs, "N", "explore N rows at a time (default 1)");
  AddFlag(command, "--json", &line->json, "FILE|-",
          "write one object per row; with -, standard output is JSON only");
  AddFlag(command, "--progress", &line->progress, "auto|off", "on standard error (default auto)");
  command->add_flag("--keep-going", line->keep_going,
                    "collect all distinct failures of a row, not just the first");
}

// `check` knows them too, only to refuse them in words.
void AddSearch(CLI::App* command, CommandLine* line, bool is_shown) {
  const std::string group = is_shown ? "Search" : "";
  AddFlag(command, "--strategy", &line->strategy, "NAME",
          "exhaustive, random, pct, pos, urw, delay or portfolio (default exhaustive)");
  AddFlag(command, "--preemptions", &line->preemptions, "N|unbounded",
          "most switches away from a task that could go on");
  AddFlag(command, "--faults", &line->faults, "N|unbounded", "most injected failures");
  AddFlag(command, "--delays", &line->delays, "N|unbounded",
          "most delays for the strategy delay (default unbounded)");
  AddFlag(command, "--seed", &line->seed, "N", "for the strategies that sample (default 0)");
  AddFlag(command, "--depth", &line->depth, "N",
          "bug depth for pct, also in the portfolio (default 3)");
  AddFlag(command, "--steps", &line->steps, "N",
          "most steps of an execution; one with more is a failure");
  command->add_option("--param", line->parameters, "set a parameter of the scenario; repeatable")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  for (const char* name : {"--strategy", "--preemptions", "--faults", "--delays", "--seed",
                           "--depth", "--steps", "--param"}) {
    command->get_option(name)->group(group);
  }
}

struct Grammar {
  explicit Grammar(CommandLine* line) : app("Explores the schedules of concurrent programs.") {
    app.name("heddle");
    app.footer(kFooter);
    AddHelp(&app);
    app.allow_extras();
    app.require_subcommand(0, 1);
    CLI::App* list = Add(Command::kList, "list", "Print every scenario and its variants.");
    CLI::App* check = Add(Command::kCheck, "check",
                          "Explore rows as they are pinned, and print the verdict table.");
    CLI::App* run =
        Add(Command::kRun, "run", "Explore rows with the bounds given, and report failures.");
    CLI::App* replay = Add(Command::kReplay, "replay",
                           "Run one schedule with full tracing, and print its report.");
    for (CLI::App* command : {list, check, run}) {
      command->add_option("PATTERN", line->patterns,
                          "globs over family/scenario@variant; without @, all variants");
    }
    list->add_flag("--markdown", line->markdown, "as the tables of scenarios/README.md");
    AddSearch(run, line, /*is_shown=*/true);
    AddSearch(check, line, /*is_shown=*/false);
    AddLimits(run, line);
    AddLimits(check, line);
    replay->add_option("SCENARIO@VARIANT", line->row, "whose schedule it is");
    replay->add_option("SCHEDULE", line->schedule, "as a report prints it");
  }

  CLI::App* Add(Command command, const std::string& name, const std::string& help) {
    CLI::App* added = app.add_subcommand(name, help);
    added->allow_extras();
    AddHelp(added);
    commands.emplace_back(command, added);
    return added;
  }

  // CLI11's own flag for help ends the parse by an exception, and prints.
  void AddHelp(CLI::App* command) {
    command->set_help_flag();
    command->add_flag("-h,--help", wants_help, "print this help");
  }

  CLI::App app;
  bool wants_help = false;
  std::vector<std::pair<Command, CLI::App*>> commands;
};

// Returns 0, or the status of CLI11's choice if the words break its grammar. The macro keeps its
// exceptions inside this function.
int Parse(CLI::App* app, const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"heddle"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  CLI11_PARSE(*app, static_cast<int>(argv.size()), argv.data());
  return 0;
}

std::string UnknownCommand(const std::string& name) {
  static const std::vector<std::string> kCommands = {"list", "check", "run", "replay"};
  return "there is no command '" + name + "'; the commands are list, check, run and replay" +
         DidYouMean(name, kCommands);
}

std::string UnknownWord(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  if (!name.starts_with('-')) {
    return "heddle " + command.get_name() + " has no use for '" + word + "'";
  }
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_lnames().empty()) flags.push_back("--" + option->get_lnames()[0]);
  }
  return "heddle " + command.get_name() + " has no flag '" + name + "'" + DidYouMean(name, flags);
}

}  // namespace

std::variant<CommandLine, Notice> ReadCommandLine(const std::vector<std::string>& words) {
  CommandLine line;
  Grammar grammar(&line);
  std::string refusal;
  grammar.app.failure_message([&](const CLI::App* /*app*/, const CLI::Error& error) {
    refusal = error.what();
    return std::string();  // CLI11 would print it at once.
  });
  if (Parse(&grammar.app, words) != 0) return Notice{refusal};
  for (const auto& [command, app] : grammar.commands) {
    if (!app->parsed()) continue;
    if (grammar.wants_help) return Notice{app->help(), 0};
    const std::vector<std::string> unknown = app->remaining();
    if (!unknown.empty()) return Notice{UnknownWord(*app, unknown[0])};
    line.command = command;
    return line;
  }
  if (grammar.wants_help) return Notice{grammar.app.help(), 0};
  const std::vector<std::string> unknown = grammar.app.remaining();
  if (!unknown.empty()) return Notice{UnknownCommand(unknown[0])};
  return Notice{"heddle needs a command: list, check, run or replay; see heddle --help"};
}

}  // namespace heddle::cli
