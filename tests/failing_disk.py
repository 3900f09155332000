"""Builds on a disk that fails at its n-th change, for every n (see `failing_disk.c`).

Run as a program with the library preloaded: `failing_disk.py BUILDER OUT STEP HOW...`. BUILDER
names a module with a function `build(out, text)`; a first build makes the good site, then each n
has a process of its own. A try prints one line of JSON and waits for a line, so that the site can
be looked at.
"""

import ctypes
import importlib
import json
import os
import pathlib
import subprocess
import sys
import traceback

HERE = pathlib.Path(__file__).parent
ONCE, ONWARDS = 0, 1


def compiled(folder):
    """The library, compiled into the folder."""
    library = folder / "failing_disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library,
                    HERE / "failing_disk.c", "-ldl"], check=True)  # fmt: skip
    return library


def tries(builder, out, folder, step=1, how=(ONCE, ONWARDS)):
    """Run this file as a program; yield what it says of each try. FOLDER takes the library.

    Of the changes of the disk every STEP-th is failed: once, or from then on.
    """
    with subprocess.Popen(
        [sys.executable, __file__, builder, out, str(step), *map(str, how)], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"LD_PRELOAD": str(compiled(folder))},
    ) as program:  # fmt: skip
        for line in program.stdout:
            yield json.loads(line)
            program.stdin.write("\n")
            program.stdin.flush()
    assert program.returncode == 0


def main(builder, out, step, *how):
    build = importlib.import_module(builder).build
    disk = ctypes.CDLL(None)
    under = os.fsencode(os.path.join(os.path.dirname(os.path.abspath(out)), ""))
    build(out, "old")
    for stays in map(int, how):
        nth = 1
        while _try(disk, under, nth, stays, lambda: build(out, "new")):
            nth += int(step)
        build(out, "old")


def _try(disk, under, nth, stays, build):
    """Build in a process of its own while the disk fails; tell whether it failed at all."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        disk.disk_fails(under, nth, stays)
        ended = {"nth": nth, "stays": stays}
        try:
            build()
        except BaseException as error:
            ended |= {"error": type(error).__name__, "code": getattr(error, "errno", None),
                      "trace": traceback.format_exc()}  # fmt: skip
        ended["reached"] = disk.disk_calls() >= nth
        disk.disk_fails(b"", 0, 0)
        os.write(write, json.dumps(ended).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        ended = json.loads(pipe.read())
    os.waitpid(child, 0)
    print(json.dumps(ended), flush=True)
    sys.stdin.readline()
    return ended["reached"]


if __name__ == "__main__":
    main(*sys.argv[1:])
