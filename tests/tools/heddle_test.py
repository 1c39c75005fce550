# SPDX-License-Identifier: MIT
"""The program from outside: its commands, its status, its sentences, its JSON, over the classics
and the litmus programs, whose outcomes are known."""

import json
import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEDDLE = os.path.join(ROOT, "tools", "heddle")
COLUMNS_MAX = 100
# The families that this test knows; the others have tests of their own.
KNOWN = ("classics/*", "litmus/*")


def heddle(*words):
    """Runs the program; its output is not a terminal."""
    return subprocess.run(
        [HEDDLE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True
    )


def rows(*words):
    """The rows that a command writes to standard output, by name."""
    return {row["name"]: row for row in json.loads(heddle(*words, "--json=-").stdout)}


def plain(text):
    """`text` without the breaks that a long command line has."""
    return re.sub(r"\\\n *", lambda match: "" if match.end() - match.start() == 2 else " ", text)


def evidence(text):
    """The part of a report that `run` and `replay` have in common."""
    part = text[text.index("\nschedule ") : text.index("\nReplay\n")]
    return part.split("\nMinimal\n")[0].rstrip()


class Case(unittest.TestCase):
    """Assertions that several tests share."""

    def check_refused(self, words, sentence):
        """Bad usage: one line on standard error, nothing else, status 2."""
        result = heddle(*words)
        self.assertEqual(result.returncode, 2, words)
        self.assertEqual(result.stdout, "")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn(sentence, result.stderr)

    def check_width(self, text):
        """No line is wider than a page."""
        for line in text.splitlines():
            self.assertLessEqual(len(line), COLUMNS_MAX, line)


class List(Case):
    """heddle list"""

    def test_every_scenario_comes_with_its_variants_and_sentences(self):
        result = heddle("list")
        self.assertEqual(result.returncode, 0)
        self.assertIn("litmus/abba: Two tasks take two locks in opposite order.\n", result.stdout)
        self.assertRegex(result.stdout, r"parameters: rounds=2 tasks=2\n")
        self.assertRegex(result.stdout, r"@notify-one +notify-one-hang: the one notification")
        self.check_width(result.stdout)

    def test_a_pattern_selects(self):
        result = heddle("list", "litmus/a*")
        self.assertEqual(result.stdout.count("@default"), 1)


class Check(Case):
    """heddle check"""

    def test_rows_as_pinned_give_a_table_and_status_0(self):
        result = heddle("check", *KNOWN, "--progress=off")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertRegex(result.stdout, r"\d+ rows: \d+ as pinned, 0 differ")
        self.assertEqual(result.stderr, "")
        self.check_width(result.stdout)

    def test_json_has_the_pins_beside_what_was_found(self):
        row = rows("check", "classics/lost_wakeup")["classics/lost_wakeup@look-then-wait"]
        self.assertEqual(row["verdict"], "as pinned")
        self.assertEqual(row["bugs"], ["look-then-wait-hang"])
        self.assertEqual(row["expected"], [{"kind": "hang", "bug": "look-then-wait-hang"}])
        self.assertEqual([f["bug"] for f in row["failures"]], ["look-then-wait-hang"])
        green = rows("check", "classics/lost_wakeup")["classics/lost_wakeup@wait-in-loop"]
        self.assertEqual((green["bugs"], green["failures"]), (["look-then-wait-hang"], []))

    def test_a_check_that_is_cut_short_differs(self):
        result = heddle("check", "litmus/racy", "--executions=3")
        self.assertEqual(result.returncode, 1)
        self.assertIn("DIFFERS", result.stdout)
        self.assertIn("expected 70 executions, saw 3", result.stdout)
        self.assertIn("Differ: litmus/racy@default", result.stdout)

    def test_several_jobs_print_and_write_the_same(self):
        def stable(text):
            return re.sub(r'"seconds":[^,]+|\d+\.\d+', "", text)

        for words in (["check", *KNOWN], ["run", *KNOWN], ["check", *KNOWN, "--json=-"]):
            one = heddle(*words, "--progress=off")
            two = heddle(*words, "--progress=off", "--jobs=3")
            self.assertEqual(stable(one.stdout), stable(two.stdout))
            self.assertEqual(one.returncode, two.returncode)

    def test_flags_that_would_leave_the_pins_are_refused(self):
        for flag in ("--strategy=random", "--preemptions=1", "--faults=1", "--delays=1", "--seed=1",
                     "--depth=2", "--steps=9", "--param=n=3"):
            name = flag.split("=", maxsplit=1)[0]
            self.check_refused(["check", flag], f"takes no {name}; heddle run does")


class Run(Case):
    """heddle run"""

    def test_the_first_failure_stops_a_row_and_gives_its_report(self):
        result = heddle("run", "litmus/abba")
        self.assertEqual(result.returncode, 1)
        self.assertIn("FAILURE   deadlock: a, b\n", result.stdout)
        self.assertIn("scenario  litmus/abba@default\n", result.stdout)
        self.check_width(result.stdout)
        row = rows("run", "litmus/abba")["litmus/abba@default"]
        self.assertEqual((row["stopped_by"], row["exhausted"]), ("failure", False))
        self.assertNotIn("verdict", row)
        self.assertNotIn("expected", row)

    def test_a_failure_in_json_says_what_where_and_how(self):
        failure = rows("run", "litmus/abba")["litmus/abba@default"]["failures"][0]
        self.assertEqual(failure["kind"], "deadlock")
        self.assertIsNone(failure["property"])
        self.assertEqual(failure["objects"], ["a", "b"])
        self.assertEqual(failure["tasks"], ["left", "right"])
        self.assertEqual(failure["bug"], "default-deadlock")
        self.assertEqual((failure["preemptions"], failure["faults"]), (1, 0))
        self.assertTrue(failure["schedule"].startswith("w1:litmus/abba@default:"))

    def test_keep_going_exhausts_the_space_and_reports_each_failure_once(self):
        result = heddle("run", "litmus/phil", "--keep-going")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout.count("FAILURE "), 1)
        row = rows("run", "litmus/phil", "--keep-going")["litmus/phil@default"]
        self.assertEqual((row["executions"], row["exhausted"], row["stopped_by"]), (30, True, None))

    def test_a_pass_says_what_was_covered(self):
        result = heddle("run", "litmus/racy", "--preemptions=1")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"litmus/racy@default: exhausted, preemption bound 1")

    def test_bounds_and_parameters_reach_the_search(self):
        racy = ["run", "litmus/racy", "--preemptions=unbounded"]
        for rounds, executions in ((2, 70), (3, 924), (4, 12870)):
            row = rows(*racy, f"--param=rounds={rounds}")["litmus/racy@default"]
            self.assertEqual((row["executions"], row["exhausted"]), (executions, True))
            self.assertEqual(row["params"], {"rounds": rounds, "tasks": 2})
            self.assertEqual(row["bounds"], {"preemptions": None, "faults": None})
        levels = ["run", "litmus/racy", "--preemptions=9", "--faults=0"]
        row = rows(*levels)["litmus/racy@default"]
        self.assertEqual((row["executions"], row["bounds"]["preemptions"]), (70, 9))

    def test_zero_is_a_bound(self):
        result = heddle("run", "litmus/abba", "--preemptions=0", "--faults=0")
        self.assertEqual(result.returncode, 0)

    def test_limits_are_told_and_never_read_as_a_pass_of_everything(self):
        for words, limit in ((["--executions=3"], "executions"), (["--time=0.000001"], "time")):
            found = rows("run", "litmus/lastzero", *words)["litmus/lastzero@default"]
            self.assertEqual((found["stopped_by"], found["exhausted"]), (limit, False))
            result = heddle("run", "litmus/lastzero", *words)
            self.assertEqual(result.returncode, 0)
            self.assertIn("not the whole space", result.stdout)

    def test_strategies_that_sample_leave_the_rows_bounds_and_repeat_by_seed(self):
        for strategy in ("random", "pct", "pos", "urw", "portfolio"):
            words = ["run", "litmus/phil", f"--strategy={strategy}", "--seed=5"]
            row = rows(*words)["litmus/phil@default"]
            self.assertEqual((row["strategy"], row["seed"]), (strategy, 5))
            self.assertEqual(row["bounds"], {"preemptions": None, "faults": None})
            self.assertEqual(row["failures"][0]["kind"], "deadlock")
            self.assertEqual(heddle(*words).stdout, heddle(*words).stdout)

    def test_delays_are_searched_one_by_one_up_to_their_bound(self):
        result = heddle("run", "litmus/phil", "--strategy=delay")
        self.assertEqual(result.returncode, 1)
        self.assertIn("0 delays: 1 execution, exhausted, none failed", result.stdout)
        self.assertIn("2 delays: failed in execution", result.stdout)
        self.assertIn("No schedule with fewer than 2 delays fails.", result.stdout)
        found = rows("run", "litmus/phil", "--strategy=delay", "--delays=1")["litmus/phil@default"]
        self.assertEqual((found["exhausted"], found["failures"]), (True, []))
        text = heddle("run", "litmus/phil", "--strategy=delay", "--delays=1").stdout
        self.assertIn("exhausted, delay, delay bound 1: 5 executions (1 + 4)", text)

    def test_dpor_runs_each_trace_once(self):
        for name, parameters, executions in (
            ("racy", "tasks=3 rounds=2", 7134),
            ("racy", "tasks=2 rounds=5", 34904),
            ("lock", "tasks=2 rounds=5", 252),
            ("lock", "tasks=3 rounds=2", 90),
            ("phil", "n=6", 63),
            ("ophil", "n=5", 30),
            ("lastzero", "n=5", 64),
            ("indexer", "tasks=12", 8),
            ("filesystem", "tasks=14", 2),
        ):
            words = [f"--param={parameter}" for parameter in parameters.split()]
            command = ["run", f"litmus/{name}", "--strategy=dpor", "--keep-going", *words]
            row = rows(*command)[f"litmus/{name}@default"]
            self.assertEqual((row["exhausted"], row["executions"]), (True, executions), name)

    def test_a_step_limit_is_a_failure_and_replays_with_its_limit(self):
        result = heddle("run", "litmus/lock", "--steps=3")
        self.assertEqual(result.returncode, 1)
        self.assertIn("FAILURE   step-limit", result.stdout)
        self.replay_of(result.stdout)

    def replay_of(self, report):
        """Runs the line that a report ends with, and compares the reports."""
        words = plain(report).split("\nReplay\n")[1].split("\n")[0].split()
        self.assertEqual(words[:2], ["heddle", "replay"])
        replay = heddle(*words[1:])
        self.assertEqual(replay.returncode, 1, replay.stderr)
        self.assertEqual(evidence(replay.stdout), evidence(report))

    def test_every_printed_line_replays_to_equal_bytes(self):
        patterns = ("classics/*", "litmus/abba", "litmus/phil")
        names = ("random", "pct", "pos", "urw", "portfolio")
        sampled = [[f"--strategy={name}", "--seed=3"] for name in names]
        for flags in ([], ["--strategy=delay", "--delays=2"], *sampled):
            for pattern in patterns:
                output = heddle("run", pattern, "--keep-going", *flags).stdout
                reports = re.split(r"(?m)^=+\n(?=FAILURE )", output)[1:]
                self.assertTrue(reports)
                for report in reports:
                    self.replay_of(report)

    def test_parameters_travel_in_the_schedule(self):
        report = heddle("run", "litmus/phil", "--param=n=4").stdout
        self.assertIn("param.n=4", plain(report))
        self.replay_of(report)

    def test_json_goes_to_a_file_beside_the_text(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rows.json")
            result = heddle("run", "litmus/lock", "litmus/racy", f"--json={path}")
            with open(path, encoding="utf-8") as file:
                names = [row["name"] for row in json.load(file)]
        self.assertEqual(names, ["litmus/lock@default", "litmus/racy@default"])
        self.assertIn("2 rows: 2 without failure, 0 failed", result.stdout)

    def test_a_row_that_several_patterns_match_is_explored_once(self):
        self.assertEqual(list(rows("run", "litmus/l*ck", "litmus/lock@default")),
                         ["litmus/lock@default"])


class Replay(Case):
    """heddle replay"""

    def test_a_schedule_that_passes_shows_its_course(self):
        result = heddle("replay", "litmus/abba@default", "w1:litmus/abba@default:1x2")
        self.assertEqual(result.returncode, 0)
        self.assertIn("litmus/abba@default: this schedule passes", result.stdout)
        self.assertIn("abba.cc", result.stdout)

    def test_schedules_that_belong_elsewhere_or_do_not_fit_are_bad_input(self):
        row = "litmus/abba@default"
        for words, sentence in (
            ([row, "w2:litmus/abba@default:1"], "format version 'w2'; expected 'w1'"),
            ([row, "w1:litmus/abba@default"], "expected w1:NAME:DECISIONS"),
            ([row, "w1:litmus/abba@default:1.x"], "decision 2 'x' is malformed"),
            ([row, "w1:litmus/racy@default:1"], "the schedule is for litmus/racy@default"),
            ([row, f"w1:{row}:1.9"], "DIVERGED at decision 2: the schedule runs T9, but there are"),
            ([row, f"w1:{row}:1.2.1.1"], "DIVERGED at decision 3: the schedule goes on"),
            ([row, f"w1:{row}:v1"], "DIVERGED at decision 1: the schedule chooses the value 1"),
            ([row, f"w1:{row}:param.n=3:1"], "litmus/abba has no parameter 'n'"),
            (["litmus/abba", f"w1:{row}:1"], "expected litmus/abba@default"),
            (["litmus/abba@fixed", f"w1:{row}:1"], "litmus/abba has no variant 'fixed'"),
            (["litmus/aba@default", f"w1:{row}:1"], "did you mean 'litmus/abba'"),
            ([row], "heddle replay needs two words"),
            ([row, "w1:a@b:1", "more"], "has no use for 'more'"),
        ):
            self.check_refused(["replay", *words], sentence)


class Usage(Case):
    """Bad usage, and help."""

    def test_each_fault_gets_one_sentence(self):
        racy = ["run", "litmus/racy"]
        for words, sentence in (
            ([], "heddle needs a command"),
            (["chek"], "there is no command 'chek'"),
            (["chek"], "did you mean 'check'?"),
            (["run"], "heddle run needs a pattern"),
            (["run", "litmus/racey"], "no scenario 'litmus/racey'; did you mean 'litmus/racy'"),
            (["run", "racy"], "did you mean 'litmus/racy'"),
            (["run", "litmus/z*"], "no scenario matches 'litmus/z*'"),
            (["check", "litmus/racy@defalt"], "has no variant 'defalt'; it has default"),
            ([*racy, "--strategy=dpor", "--preemptions=2"], "dpor explores whole traces"),
            (["run", "classics/reader_writer@once", "--strategy=dpor"], "was not explored: a lock"),
            ([*racy, "--strategy=replay"], "'replay' is a command"),
            ([*racy, "--strategy=rndom"], "does not exist; available are exhaustive, dpor"),
            ([*racy, "--preemptions=-1"], "--preemptions is '-1'; expected a whole number from 0"),
            ([*racy, "--faults=-1"], "--faults is '-1'"),
            ([*racy, "--faults=many"], "or 'unbounded'"),
            ([*racy, "--delays=-1"], "--delays is '-1'"),
            ([*racy, "--executions=0"], "--executions is '0'; expected a whole number of at"),
            ([*racy, "--executions=-5"], "--executions is '-5'"),
            ([*racy, "--time=0"], "--time is '0'; expected a number of seconds greater than 0"),
            ([*racy, "--time=-1"], "--time is '-1'"),
            ([*racy, "--steps=0"], "--steps is '0'"),
            ([*racy, "--depth=0"], "--depth is '0'"),
            ([*racy, "--jobs=0"], "--jobs is '0'"),
            ([*racy, "--seed=-1"], "--seed is '-1'"),
            ([*racy, "--seed=99999999999999999999"], "of at most 18446744073709551615"),
            ([*racy, "--param=tasks=0"], "parameter tasks of litmus/racy is '0'; expected"),
            ([*racy, "--param=tasks=two"], "parameter tasks of litmus/racy is 'two'"),
            ([*racy, "--param=tsks=2"], "did you mean 'tasks'?"),
            ([*racy, "--param=tasks"], "--param is 'tasks'; expected KEY=VALUE"),
            ([*racy, "--progress=loud"], "--progress is 'loud'; expected 'auto' or 'off'"),
            ([*racy, "--json=/nonexistent/rows.json"], "cannot write /nonexistent/rows.json"),
            ([*racy, "--sed=3"], "heddle run has no flag '--sed'; did you mean '--seed'?"),
            ([*racy, "--seed"], "--seed"),
        ):
            self.check_refused(words, sentence)

    def test_help_is_no_fault(self):
        for words in (["--help"], ["run", "--help"], ["check", "-h"]):
            result = heddle(*words)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("Exit status" if words == ["--help"] else "--json", result.stdout)


if __name__ == "__main__":
    unittest.main()
