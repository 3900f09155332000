"""The whole report on a disk that fails and under a hand that kills: the last good site stays."""

import pathlib
import re
import time

import failing_disk
import pytest
from folders import assert_whole, last_good
from killed_builds import kill_builds

pytestmark = pytest.mark.slow


def said(out):
    """What the index of a site says of itself: the text it was built with."""
    return re.search(r'class="lead">(.*?)<', (out / "index.html").read_text()).group(1)


def test_whichever_change_of_the_disk_fails_the_last_good_report_stays_whole(tmp_path, thorough):
    out = tmp_path / "place" / "site"
    failed, good, step = 0, "old", 1 if thorough else 17
    for one in failing_disk.tries("village_report", out, tmp_path, step, [failing_disk.ONCE]):
        stopped = "error" in one  # not by a folder that could not be made because it was there
        assert one["reached"] or not stopped, one
        assert_whole(last_good(out))
        good = good if stopped else "new"
        assert said(last_good(out)) == good, one
        assert sorted(path.name for path in out.parent.iterdir()) == [".site.lock", "site"], one
        if stopped:
            assert one["error"] == "OSError", one["trace"]
            failed += 1
    # each file is opened, written and flushed, and there is more to a build
    files = sum(path.is_file() for path in out.rglob("*"))
    assert failed * step > 3 * files


def running(group):
    """The processes of a group that still do anything."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = status.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(of) == group and state not in "ZX":
            found.append(status.parent.name)
    return found


def test_reports_killed_at_any_moment_leave_a_whole_site_and_no_process(tmp_path, thorough):
    out = tmp_path / "place" / "site"
    versions = set()

    def check(child):
        versions.add(said(last_good(out)))
        until = time.monotonic() + 20
        while running(child):
            assert time.monotonic() < until, "a process goes on without its parent"
            time.sleep(0.01)

    times = 100 if thorough else 8
    half_done = kill_builds("village_report", out, times, check)
    assert len(versions) > 1 or not thorough
    assert half_done > times / 10  # the kills did fall into builds
