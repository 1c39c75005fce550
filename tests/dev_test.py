# SPDX-License-Identifier: MIT
"""tools/dev in a folder of its own, where bazel, apt-get and others are stand-ins that log."""

import os
import shutil
import subprocess
import tempfile
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
DEV = os.path.join(os.path.dirname(HERE), "tools", "dev")

LOG = 'echo "$(basename "$0") $*" >> "$STUBS/log"\n'
STUBS = {
    "apt-get": LOG + '[ ! -f "$STUBS/offline" ]\n',
    # Appends the events that the test prepared for this workspace to the file that bazel is given.
    "bazel": LOG
    + """
for argument; do
  case $argument in
    --build_event_json_file=*) cat "$PWD/events" > "${argument#*=}"; exit "$(cat "$PWD/status")" ;;
  esac
done
""",
    "dpkg-query": '! grep -qxF "$4" "$STUBS/missing" && printf installed\n',
    "id": 'cat "$STUBS/uid"\n',
    "sudo": LOG + '"$@"\n',
}


def configured(kind):
    return '{"configured":{"targetKind":"%s rule","testSize":"SMALL"}}\n' % kind


def summary(status):
    return '{"testSummary":{"overallStatus":"%s","totalRunCount":1}}\n' % status


class DevTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        self.stubs = os.path.join(self.root, "stubs")
        os.makedirs(os.path.join(self.root, "tools"))
        os.makedirs(self.stubs)
        shutil.copy(DEV, os.path.join(self.root, "tools", "dev"))
        for name, script in STUBS.items():
            self.write(f"stubs/{name}", "#!/bin/sh\n" + script)
            os.chmod(os.path.join(self.stubs, name), 0o755)
        self.write("stubs/missing", "")
        self.write("stubs/uid", "0\n")
        self.write("stubs/log", "")
        self.workspace(".", configured("cc_test") + summary("PASSED"), 0)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def workspace(self, path, events, status):
        self.write(f"{path}/WORKSPACE", "")
        self.write(f"{path}/events", events)
        self.write(f"{path}/status", f"{status}\n")

    def dev(self, *arguments):
        path = f"{self.stubs}:{os.environ['PATH']}"
        return subprocess.run(
            [os.path.join(self.root, "tools", "dev"), *arguments],
            env={"PATH": path, "STUBS": self.stubs},  # Not even HOME.
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self):
        with open(os.path.join(self.stubs, "log"), encoding="utf-8") as file:
            return file.read().splitlines()

    def test_packages_that_are_there_cost_no_call_of_apt(self):
        self.assertEqual(self.dev("test").returncode, 0)
        self.assertEqual([line for line in self.log() if "apt-get" in line], [])

    def test_missing_packages_are_installed_after_one_update(self):
        self.write("stubs/missing", "doctest-dev\ng++\n")
        done = self.dev("test")
        self.assertEqual(done.returncode, 0)
        self.assertIn("tools/dev: installing doctest-dev g++\n", done.stderr)
        calls = [line for line in self.log() if line.startswith("apt-get")]
        self.assertEqual(len(calls), 2)
        self.assertEqual(calls[0], "apt-get -q update")
        self.assertTrue(calls[1].endswith(" doctest-dev g++"), calls[1])
        self.assertNotIn("sudo", "".join(self.log()))

    def test_sudo_is_used_by_those_who_are_not_root_only(self):
        self.write("stubs/missing", "g++\n")
        self.write("stubs/uid", "1000\n")
        self.dev("test")
        sudo = [line for line in self.log() if line.startswith("sudo")]
        self.assertEqual(sudo[0], "sudo env DEBIAN_FRONTEND=noninteractive apt-get -q update")
        self.assertEqual(len(sudo), 2)

    def test_a_failed_installation_ends_it_with_a_sentence(self):
        self.write("stubs/missing", "g++\n")
        self.write("stubs/offline", "")
        done = self.dev("test")
        self.assertEqual(done.returncode, 1)
        self.assertIn("tools/dev: cannot install g++\n", done.stderr)
        self.assertNotIn("bazel", "".join(self.log()))

    def test_the_last_line_counts_targets_of_both_workspaces(self):
        events = configured("cc_test") * 3 + summary("PASSED") + summary("FLAKY")
        self.workspace(".", events + summary("TIMEOUT"), 3)
        self.workspace("tests/embedding/bazel", configured("cc_test") + summary("PASSED"), 0)
        done = self.dev("test")
        self.assertEqual(done.stdout.splitlines()[-1], "3 passed, 1 failed")
        self.assertEqual(done.returncode, 1)

    def test_a_target_that_was_not_run_has_failed(self):
        self.workspace(".", configured("cc_test") * 2 + summary("PASSED"), 1)
        self.assertEqual(self.dev("test").stdout.splitlines()[-1], "1 passed, 1 failed")

    def test_a_build_that_breaks_without_a_test_is_one_failure(self):
        self.workspace(".", configured("cc_test") + summary("PASSED"), 1)
        done = self.dev("test")
        self.assertEqual(done.stdout.splitlines()[-1], "1 passed, 1 failed")
        self.assertEqual(done.returncode, 1)

    def test_named_targets_leave_the_embedding_workspace_alone(self):
        self.workspace("tests/embedding/bazel", "", 1)
        done = self.dev("test", "//tests:a", "--config=asan")
        self.assertEqual(done.stdout.splitlines()[-1], "1 passed, 0 failed")
        self.assertTrue(self.log()[0].endswith(" //tests:a --config=asan"), self.log()[0])

    def test_run_builds_heddle_and_passes_its_arguments_and_status_on(self):
        self.write("bazel-bin/tools/heddle", '#!/bin/sh\necho "$@"\nexit 7\n')
        os.chmod(os.path.join(self.root, "bazel-bin/tools/heddle"), 0o755)
        done = self.dev("run", "bluetooth/*", "--json=-")
        self.assertEqual(done.stdout, "check bluetooth/* --json=-\n")
        self.assertEqual(done.returncode, 7)
        self.assertEqual(self.log(), ["bazel build -c opt //tools:heddle"])

    def test_an_unknown_command_is_bad_usage(self):
        done = self.dev("tset")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(
            done.stderr, "tools/dev: unknown command 'tset'; tools/dev help lists them\n"
        )

    def test_help_names_every_command(self):
        text = self.dev().stdout
        for command in ["run", "test", "check", "bench", "format", "lint", "tidy", "replay"]:
            self.assertIn(f"tools/dev {command} ", text)


if __name__ == "__main__":
    unittest.main()
