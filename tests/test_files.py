"""A reader sees the last good folder or the new one, never half, whatever happens meanwhile."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import failing_disk
import killed_builds
import pytest
from three_files import build

from positions import _files
from positions._files import MANIFEST, SwitchError, building


def contents(folder):
    """Every file of a folder by its path, as bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def assert_whole(out):
    """The manifest names every file but itself, and every hash is right."""
    listed = {}
    for line in (out / MANIFEST).read_text().splitlines():
        digest, name = line.split("  ")
        listed[name] = digest
    found = {
        name: hashlib.sha256(raw).hexdigest()
        for name, raw in contents(out).items()
        if name != MANIFEST
    }
    assert found == listed


def left_over(out):
    return sorted(path.name for path in out.parent.iterdir() if path.name.startswith(".site-new-"))


def test_a_fresh_folder_holds_what_was_built_and_a_manifest_that_matches(tmp_path):
    build(tmp_path / "deep" / "site", "new")
    out = tmp_path / "deep" / "site"
    assert sorted(contents(out)) == ["index.html", MANIFEST, "tables/a.csv"]
    assert (out / "tables" / "a.csv").read_text() == "newnew"
    digest = hashlib.sha256(b"new").hexdigest()
    assert f"{digest}  index.html\n" in (out / MANIFEST).read_text()
    assert_whole(out)
    assert left_over(out) == []


def test_others_may_read_what_was_built(tmp_path):
    build(tmp_path / "site", "new")
    modes = [(tmp_path / "site" / name).stat().st_mode & 0o777
             for name in (".", "tables", "index.html")]  # fmt: skip
    assert modes == [0o755, 0o755, 0o644]


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    out = tmp_path / "site"
    with building(out) as folder:
        (folder / "gone.html").write_text("old")
    build(out, "new")
    assert sorted(contents(out)) == ["index.html", MANIFEST, "tables/a.csv"]
    assert_whole(out)
    assert left_over(out) == []


def test_an_empty_folder_is_replaced(tmp_path):
    (tmp_path / "site").mkdir()
    build(tmp_path / "site", "new")
    assert_whole(tmp_path / "site")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_build_that_fails_leaves_the_old_folder_byte_for_byte(tmp_path, error):
    out = tmp_path / "site"
    build(out, "old")
    before = contents(out)
    with pytest.raises(error), building(out) as folder:
        (folder / "index.html").write_text("half")
        raise error
    assert contents(out) == before
    assert left_over(out) == []


def test_a_first_build_that_fails_leaves_no_folder(tmp_path):
    with pytest.raises(ValueError), building(tmp_path / "site"):
        raise ValueError
    assert not (tmp_path / "site").exists()


def test_a_link_is_refused_and_what_it_leads_to_is_left_alone(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "real")
    with pytest.raises(SwitchError, match="is a symbolic link; name a folder, or delete the link"):
        build(tmp_path / "site", "new")
    assert contents(tmp_path / "real") == {}


def test_a_link_that_leads_nowhere_is_refused(tmp_path):
    (tmp_path / "site").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SwitchError, match="is a symbolic link"):
        build(tmp_path / "site", "new")


def test_a_file_is_refused(tmp_path):
    (tmp_path / "site").write_text("mine")
    with pytest.raises(SwitchError, match="is a file; name a folder"):
        build(tmp_path / "site", "new")
    assert (tmp_path / "site").read_text() == "mine"


def test_a_folder_with_files_that_no_build_made_is_refused(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.doc").write_text("mine")
    with pytest.raises(SwitchError, match=r"holds files that no build made \(it has no manifest"):
        build(tmp_path / "site", "new")
    assert contents(tmp_path / "site") == {"thesis.doc": b"mine"}


def test_what_dead_builds_left_is_swept_and_nothing_else(tmp_path):
    (tmp_path / ".site-new-dead").mkdir()
    (tmp_path / ".site-new-dead" / "index.html").write_text("half")
    (tmp_path / ".other-new-x").mkdir()
    (tmp_path / "kept").mkdir()
    (tmp_path / ".site-new-link").symlink_to(tmp_path / "kept")
    build(tmp_path / "site", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".other-new-x", ".site-new-link", ".site.lock", "kept", "site",
    ]  # fmt: skip


HOLD = """
import sys
from positions._files import building
with building(sys.argv[1]) as folder:
    (folder / "index.html").write_text("first")
    print("building", flush=True)
    sys.stdin.read()
"""


def test_a_second_builder_is_refused_while_the_first_is_at_work(tmp_path):
    out = tmp_path / "site"
    with subprocess.Popen([sys.executable, "-c", HOLD, out], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as first:  # fmt: skip
        assert first.stdout.readline() == "building\n"
        with pytest.raises(SwitchError, match=r"another build is at work on .*site; wait for it"):
            build(out, "second")
        assert len(left_over(out)) == 1  # the first one's, not swept
        first.stdin.close()
        assert first.wait() == 0
    assert (out / "index.html").read_text() == "first"
    build(out, "second")
    assert (out / "index.html").read_text() == "second"


def kill_builds(builder, out, times, check):
    """Kill builds at random moments, many times; tell how many were at work on a folder."""
    moments, half_done = random.Random(7), 0
    with killed_builds.warm(builder, out) as program:
        one_build = float(program.stdout.readline())
        for _ in range(times):
            program.stdin.write("\n")
            child = int(program.stdout.readline())
            time.sleep(moments.uniform(0, 3 * one_build))
            os.kill(child, signal.SIGKILL)
            assert program.stdout.readline() == "ended\n"
            half_done += bool(left_over(out))
            assert_whole(out)
            check(child)
        program.stdin.close()
    return half_done


def test_a_builder_killed_at_any_moment_leaves_a_whole_site(tmp_path):
    out = tmp_path / "site"
    versions = set()

    def check(child):
        page, table = (out / "index.html").read_text(), (out / "tables" / "a.csv").read_text()
        assert table == page * 2  # both of one build
        versions.add(page)

    half_done = kill_builds("three_files", out, 100, check)
    assert len(versions) > 1
    assert half_done > 0  # the kills did fall into builds
    build(out, "last")
    assert left_over(out) == []


def test_whichever_change_of_the_disk_fails_the_old_site_stays_whole(tmp_path):
    out = tmp_path / "place" / "site"
    failed = {failing_disk.ONCE: 0, failing_disk.ONWARDS: 0}
    for one in failing_disk.tries("three_files", out, tmp_path):
        assert one["reached"] == ("error" in one), one
        assert_whole(out)
        assert (out / "index.html").read_text() == ("old" if one["reached"] else "new"), one
        assert sorted(path.name for path in out.parent.iterdir()) == [".site.lock", "site"], one
        if one["reached"]:
            assert one["error"] == "OSError", one["trace"]
            failed[one["stays"]] += 1
    # 3 files opened and written; 5 things made readable and flushed; 2 folders, 1 lock, 1 rename
    assert failed == dict.fromkeys(failed, 3 * 2 + 5 * 2 + 2 + 1 + 1)


def test_a_system_that_cannot_exchange_names_still_puts_the_new_folder_in_place(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(_files, "_RENAME_EXCHANGE", 1 << 20)  # a flag that no system knows
    out = tmp_path / "site"
    build(out, "old")
    build(out, "new")
    assert (out / "index.html").read_text() == "new"
    assert_whole(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.lock", "site"]


def test_a_build_that_died_between_two_renames_is_mended_by_the_next(tmp_path):
    out = tmp_path / "site"
    build(out, "old")
    before = contents(out)
    os.rename(out, tmp_path / ".site-new-aside")
    with pytest.raises(ValueError), building(out):
        raise ValueError
    assert contents(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.lock", "site"]


def test_a_folder_that_someone_filled_during_the_build_is_left_alone(tmp_path):
    out = tmp_path / "site"
    with pytest.raises(SwitchError, match="holds files that no build made"), building(out):
        out.mkdir()
        (out / "thesis.doc").write_text("mine")
    assert contents(out) == {"thesis.doc": b"mine"}
