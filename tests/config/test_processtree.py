"""Programs in one process tree: restarted when they die, ended together, and not doubled after the tree was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from config.processtree import leftovers
from config.programs import celery
from tests.config.embedded.test_recovery import wait_until

ROOT = Path(__file__).parents[2]
TREE = """
import pathlib, sys
from config.processtree import ProcessTree
commands = {name: ["sleep", f"600.{number}{sys.argv[1]}"] for number, name in enumerate(("one", "two"), 1)}
ProcessTree(commands, folder=pathlib.Path("/"), say=lambda text: print(text, flush=True)).run()
print("ended")
"""


def start_tree(mark: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", TREE, mark], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def sleepers(mark: str) -> list[psutil.Process]:
    return leftovers([["sleep", f"600.{number}{mark}"] for number in (1, 2)])


def test_tree_restarts_what_dies_and_ends_all_together() -> None:
    mark = f"{os.getpid()}1"
    with start_tree(mark) as tree:
        wait_until(lambda: len(sleepers(mark)) == 2)
        killed = leftovers([["sleep", f"600.1{mark}"]])[0]
        killed.kill()
        wait_until(lambda: len([process for process in sleepers(mark) if process.pid != killed.pid]) == 2)
        tree.send_signal(signal.SIGINT)
        assert tree.communicate(timeout=30)[0] == "one ended with status -9 and is started again\nended\n"
    assert (tree.returncode, sleepers(mark)) == (0, [])


def test_tree_that_was_killed_leaves_nothing_double() -> None:
    mark = f"{os.getpid()}2"
    with start_tree(mark) as killed:
        wait_until(lambda: len(sleepers(mark)) == 2)
        before = {process.pid for process in sleepers(mark)}
        killed.kill()
    with start_tree(mark) as tree:
        wait_until(lambda: len({process.pid for process in sleepers(mark)} - before) == 2)
        assert before & {process.pid for process in sleepers(mark)} == set()
        tree.terminate()
    assert sleepers(mark) == []


def test_celery_runs_our_app_with_this_python() -> None:
    answer = subprocess.run(celery("inspect", "--help"), cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert answer.startswith("Usage: python -m celery inspect")
