"""A warm process that begins a build whenever it is told to, for tests that kill it.

Run as a program: `killed_builds.py BUILDER OUT`. For each line it reads it starts a process, in
a group of its own, that builds one version of the site after another, and prints its number.
The first line it prints is how long a build takes, in seconds.
"""

import importlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time

from folders import assert_whole, last_good


def warm(builder, out):
    """Run this file as a program."""
    return subprocess.Popen([sys.executable, __file__, builder, out], text=True, bufsize=1,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip


def kill_builds(builder, out, times, check):
    """Kill builds at random moments, many times; tell how many were at work on a folder."""
    moments, half_done = random.Random(7), 0
    with warm(builder, out) as program:
        one_build = float(program.stdout.readline())
        for _ in range(times):
            program.stdin.write("\n")
            child = int(program.stdout.readline())
            time.sleep(moments.uniform(0, 3 * one_build))
            os.kill(child, signal.SIGKILL)
            assert program.stdout.readline() == "ended\n"
            half_done += out.with_name(f".{out.name}.build").exists()
            assert_whole(last_good(out))
            check(child)
        program.stdin.close()
    return half_done


def main(builder, out):
    build = importlib.import_module(builder).build
    build(out, "version 0")
    begun = time.perf_counter()
    build(out, "version 0")
    print(time.perf_counter() - begun, flush=True)
    for _ in sys.stdin:
        if (child := os.fork()) == 0:
            os.setpgid(0, 0)
            for number in itertools.count(1):
                build(out, f"version {number}")
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
