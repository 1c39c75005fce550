# SPDX-License-Identifier: MIT
"""The main of test programs, from outside: what Bazel and CI tell it by variables, and what it
tells them by status, output and files. Everything is asked of one sample program."""

import os
import re
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sample_program")

CASES = {
    "sample/locks@red",
    "sample/locks@green",
    "sample/locks@wrong",
    "one order of locks is clean",
    "tasks that share nothing are clean",
    "two orders of locks are clean",
    "two orders of locks deadlock",
}
DEADLOCK = "w1:sample/locks@red:1.2"


def run(arguments=(), **variables):
    """Runs the program as Bazel would, without anything of the environment of this test."""
    environment = {"TEST_TARGET": "//sample:program", **variables}
    return subprocess.run(
        [PROGRAM, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )


def listed(**variables):
    """The names of the cases that would run."""
    output = run(["--list-test-cases", "--no-intro"], **variables).stdout
    return {line for line in output.splitlines() if line in CASES}


def evidence(report):
    """What a replay has to show again: from the schedule to the end of the evidence."""
    part = report[report.index("\nschedule ") : report.index("\nReplay\n")]
    return part.split("\nMinimal\n")[0].rstrip()


class Pins(unittest.TestCase):
    """Without an override."""

    def test_rows_as_pinned_pass(self):
        for row in ("red", "green"):
            result = run(TESTBRIDGE_TEST_ONLY=f"sample/locks@{row}")
            self.assertEqual(result.returncode, 0, result.stdout)

    def test_a_row_that_differs_fails_and_says_how(self):
        result = run(TESTBRIDGE_TEST_ONLY="sample/locks@wrong")
        self.assertEqual(result.returncode, 1)
        self.assertIn("sample/locks@wrong is not as pinned", result.stdout)
        self.assertIn("unexpected deadlock (abba)", result.stdout)

    def test_tests_of_users_pass_and_fail_by_what_they_expect(self):
        self.assertEqual(run(TESTBRIDGE_TEST_ONLY="two orders of locks deadlock").returncode, 0)
        self.assertEqual(run(TESTBRIDGE_TEST_ONLY="two orders of locks are clean").returncode, 1)


    def test_a_pass_that_means_nothing_comes_with_a_warning(self):
        result = run(TESTBRIDGE_TEST_ONLY="tasks that share nothing are clean")
        self.assertEqual(result.returncode, 0)
        self.assertIn(
            "warning: tasks_that_share_nothing_are_clean: no two tasks could ever go on at the"
            " same time; what they share must be heddle's own",
            result.stdout,
        )
        result = run(TESTBRIDGE_TEST_ONLY="one order of locks is clean")
        self.assertNotIn("warning", result.stdout)


class Selection(unittest.TestCase):
    """Filter and shards."""

    def test_every_row_is_a_case_beside_the_programs_own(self):
        self.assertEqual(listed(), CASES)

    def test_a_filter_selects_by_glob(self):
        self.assertEqual(
            listed(TESTBRIDGE_TEST_ONLY="sample/*@[rg]*"),
            {"sample/locks@red", "sample/locks@green"},
        )

    def test_shards_together_run_everything_once(self):
        with tempfile.TemporaryDirectory() as folder:
            status_file = os.path.join(folder, "status")
            seen = []
            for shard in range(4):
                seen += listed(
                    TEST_TOTAL_SHARDS="4",
                    TEST_SHARD_INDEX=str(shard),
                    TEST_SHARD_STATUS_FILE=status_file,
                )
            self.assertEqual(sorted(seen), sorted(CASES))
            self.assertTrue(os.path.exists(status_file))

    def test_a_shard_that_does_not_exist_is_bad_input(self):
        result = run(TEST_TOTAL_SHARDS="2", TEST_SHARD_INDEX="2")
        self.assertEqual(result.returncode, 2)
        self.assertIn("expected less than TEST_TOTAL_SHARDS", result.stderr)


class Xml(unittest.TestCase):
    """JUnit XML for Bazel, beside the output for people."""

    def test_each_case_is_in_the_file_and_failures_carry_their_reports(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "test.xml")
            result = run(XML_OUTPUT_FILE=path)
            self.assertEqual(result.returncode, 1)
            self.assertIn("[doctest] test cases:", result.stdout)
            cases = xml.etree.ElementTree.parse(path).getroot().iter("testcase")
            failures = {case.get("name"): case.findall("failure") for case in cases}
        self.assertEqual(set(failures), CASES)
        failed = {name for name, found in failures.items() if found}
        self.assertEqual(failed, {"sample/locks@wrong", "two orders of locks are clean"})
        report = failures["sample/locks@wrong"][0].text
        self.assertIn("HEDDLE_SCHEDULE=w1:sample/locks@wrong:", report)


class Overrides(unittest.TestCase):
    """The four variables."""

    def test_every_printed_line_replays_its_failure(self):
        output = run().stdout
        text = output.replace("\\\n", "")
        lines = re.findall(r"bazel test //sample:program +--test_env=HEDDLE_SCHEDULE=(\S+)", text)
        self.assertEqual(len(lines), 2, output)
        for schedule in lines:
            result = run(HEDDLE_SCHEDULE=schedule)
            self.assertEqual(result.returncode, 1)
            self.assertIn("deadlock", result.stdout)
            self.assertIn("test cases: 1 | 0 passed | 1 failed", result.stdout)
            again = result.stdout.replace("\\\n", "")
            self.assertIn(f"--test_env=HEDDLE_SCHEDULE={schedule}", again)

    def test_a_printed_line_can_be_pasted_into_a_shell(self):
        stand_in = f'''#!/bin/sh
[ "$1 $2" = "test //sample:program" ] || exit 9
shift 2
for flag; do
  case $flag in --test_env=*=*) export "${{flag#--test_env=}}" ;; *) exit 8 ;; esac
done
TEST_TARGET=//sample:program exec {PROGRAM}
'''
        output = run(TESTBRIDGE_TEST_ONLY="two orders of locks are clean").stdout
        replay = output.split("\nReplay\n")[1].split("\n===")[0]
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "bazel")
            with open(path, "w", encoding="utf-8") as file:
                file.write(stand_in)
            os.chmod(path, 0o755)
            pasted = subprocess.run(
                ["/bin/sh", "-c", replay],
                env={"PATH": f"{folder}:/usr/bin:/bin"},
                stdout=subprocess.PIPE,
                check=False,
                text=True,
            )
        self.assertEqual(pasted.returncode, 1, pasted.stdout)
        self.assertIn("test cases: 1 | 0 passed | 1 failed", pasted.stdout)
        self.assertEqual(evidence(pasted.stdout), evidence(output))

    def test_a_test_of_a_user_is_steered_like_a_row(self):
        clean = {"TESTBRIDGE_TEST_ONLY": "one order of locks is clean"}
        red = {"TESTBRIDGE_TEST_ONLY": "two orders of locks deadlock"}
        for steer in ({"HEDDLE_SEED": "7"}, {"HEDDLE_TIME": "60"}, {"HEDDLE_EXECUTIONS": "1"}):
            self.assertEqual(run(**clean, **steer).returncode, 0, steer)
        self.assertEqual(run(**red).returncode, 0)
        found = run(**red, HEDDLE_SEED="7")
        self.assertEqual(found.returncode, 1)
        self.assertIn("search    portfolio", found.stdout)
        schedule = re.search(r"HEDDLE_SCHEDULE=(\S+)", found.stdout.replace("\\\n", ""))[1]
        again = run(HEDDLE_SCHEDULE=schedule)
        self.assertEqual(again.returncode, 1, again.stdout)
        self.assertEqual(evidence(again.stdout), evidence(found.stdout))
        self.assertEqual(run(**red, HEDDLE_EXECUTIONS="1").returncode, 0)

    def test_a_filter_and_shards_share_what_is_left(self):
        seen = []
        for shard in range(2):
            seen += listed(
                TESTBRIDGE_TEST_ONLY="*locks@*", TEST_TOTAL_SHARDS="2", TEST_SHARD_INDEX=str(shard)
            )
        self.assertEqual(sorted(seen), [f"sample/locks@{row}" for row in ("green", "red", "wrong")])

    def test_a_schedule_makes_a_pinned_failure_fail(self):
        self.assertEqual(run(HEDDLE_SCHEDULE=DEADLOCK).returncode, 1)

    def test_a_schedule_that_passes_passes(self):
        self.assertEqual(run(HEDDLE_SCHEDULE="w1:sample/locks@red:1x2").returncode, 0)

    def test_a_schedule_for_a_named_exploration_skips_all_others(self):
        result = run(HEDDLE_SCHEDULE="w1:named:1.2")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("test cases: 4 | 3 passed | 1 failed", result.stdout)

    def test_a_schedule_of_another_program_is_skipped(self):
        result = run(HEDDLE_SCHEDULE="w1:other/locks@red:1.2")
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_a_seed_searches_at_random_and_only_failures_decide(self):
        for row, status in (("red", 1), ("green", 0), ("wrong", 1)):
            result = run(HEDDLE_SEED="7", TESTBRIDGE_TEST_ONLY=f"sample/locks@{row}")
            self.assertEqual(result.returncode, status, result.stdout)
        one = run(HEDDLE_SEED="7", TESTBRIDGE_TEST_ONLY="sample/locks@red").stdout
        two = run(HEDDLE_SEED="7", TESTBRIDGE_TEST_ONLY="sample/locks@red").stdout
        self.assertEqual(one, two)

    def test_limits_stop_searches_and_pins_are_not_asserted(self):
        result = run(HEDDLE_EXECUTIONS="1", TESTBRIDGE_TEST_ONLY="sample/locks@red")
        self.assertEqual(result.returncode, 0, result.stdout)
        result = run(HEDDLE_TIME="60", TESTBRIDGE_TEST_ONLY="sample/locks@red")
        self.assertEqual(result.returncode, 1, result.stdout)

    def check_refused(self, sentence, **variables):
        result = run(**variables)
        self.assertEqual(result.returncode, 2, result.stdout)
        self.assertIn(sentence, result.stderr)

    def test_bad_values_are_refused_with_one_sentence(self):
        self.check_refused("HEDDLE_SEED is 'x'; expected", HEDDLE_SEED="x")
        self.check_refused("HEDDLE_EXECUTIONS is '0'; expected", HEDDLE_EXECUTIONS="0")
        self.check_refused("HEDDLE_TIME is '-1'; expected", HEDDLE_TIME="-1")
        self.check_refused("format version 'w7'; expected 'w1'", HEDDLE_SCHEDULE="w7:a@b:1")
        self.check_refused(
            "the variants of sample/locks are red green wrong",
            HEDDLE_SCHEDULE="w1:sample/locks@blue:1",
        )

    def test_a_schedule_that_does_not_fit_is_bad_input(self):
        sentence = "DIVERGED at decision 2: the schedule runs T9, but there are only 3 tasks"
        self.check_refused(sentence, HEDDLE_SCHEDULE="w1:sample/locks@red:1.9")
        self.check_refused(sentence, HEDDLE_SCHEDULE="w1:two_orders_of_locks_are_clean:1.9")


if __name__ == "__main__":
    unittest.main()
