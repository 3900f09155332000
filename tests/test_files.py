"""A reader sees the last good folder or the new one, never half, whatever happens meanwhile."""

import hashlib
import os
import subprocess
import sys

import failing_disk
import pytest
from folders import assert_whole, contents, last_good
from killed_builds import kill_builds
from three_files import build

from positions._files import MANIFEST, SwitchError, building, revising


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_fresh_folder_holds_what_was_built_and_a_manifest_that_matches(tmp_path):
    build(tmp_path / "deep" / "site", "new")
    out = tmp_path / "deep" / "site"
    assert sorted(contents(out)) == ["index.html", MANIFEST, "tables/a.csv"]
    assert (out / "tables" / "a.csv").read_text() == "newnew"
    digest = hashlib.sha256(b"new").hexdigest()
    assert f"{digest}  index.html\n" in (out / MANIFEST).read_text()
    assert_whole(out)
    assert names(out.parent) == [".site.lock", "site"]


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
    assert names(out.parent) == [".site.lock", "site"]


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
    assert names(out.parent) == [".site.lock", "site"]


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


def test_what_a_dead_build_left_is_swept_and_nothing_else(tmp_path):
    (tmp_path / ".site.build" / "new").mkdir(parents=True)
    (tmp_path / ".site.build" / "new" / "index.html").write_text("half")
    (tmp_path / ".other.build").mkdir()
    build(tmp_path / "site", "new")
    assert names(tmp_path) == [".other.build", ".site.lock", "site"]


@pytest.fixture
def mine(tmp_path):
    """A site in which someone keeps files and folders of their own."""
    out = tmp_path / "place" / "site"
    build(out, "old")
    for name in (".git/refs/heads/main", "CNAME", "memo/a.html", "tables/mine.csv"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(f"my {name}")
    (out / ".git" / "objects").mkdir()
    (out / "link").symlink_to("CNAME")
    return out


def assert_mine(out):
    for name in (".git/refs/heads/main", "CNAME", "memo/a.html", "tables/mine.csv"):
        assert (out / name).read_text() == f"my {name}"
    assert (out / ".git" / "objects").is_dir()
    assert os.readlink(out / "link") == "CNAME"


def test_what_no_manifest_names_stays(mine):
    build(mine, "new")
    assert_mine(mine)
    assert (mine / "index.html").read_text() == "new"
    assert names(mine.parent) == [".site.lock", "site"]
    with building(mine) as folder:
        (folder / "other.html").write_text("no tables")
    assert_mine(mine)
    assert sorted(contents(mine)) == [".git/refs/heads/main", "CNAME", "link", MANIFEST,
                                      "memo/a.html", "other.html", "tables/mine.csv"]  # fmt: skip


def test_what_no_manifest_names_comes_back_after_a_build_died_as_it_was_switched_in(mine):
    fresh = mine.parent / "fresh" / "site"
    build(fresh, "new")
    (mine.parent / ".site.build").mkdir()
    os.rename(mine, mine.parent / ".site.build" / "old")
    os.rename(fresh, mine)  # and here it died
    build(mine, "newer")
    assert_mine(mine)


def test_a_file_of_someone_that_a_build_would_write_over_stops_it(mine):
    (mine / "memo.html").write_text("mine")
    with (
        pytest.raises(SwitchError, match=r"no build made these files of .*: CNAME, memo\.html; mo"),
        building(mine) as folder,
    ):
        (folder / "memo.html").write_text("new")
        (folder / "CNAME").write_text("new")
    assert (mine / "memo.html").read_text() == "mine"
    assert (mine / "index.html").read_text() == "old"
    assert_mine(mine)


def test_a_file_put_into_a_folder_while_it_is_revised_stays(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "a.csv").write_text("old")
    with revising(folder) as fresh:
        (fresh / "a.csv").write_text("new")
        (folder / "b.csv").write_text("meanwhile")
    assert contents(folder) == {"a.csv": b"new", "b.csv": b"meanwhile"}


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
        assert (tmp_path / ".site.build" / "new" / "index.html").exists()  # the first one's
        first.stdin.close()
        assert first.wait() == 0
    assert (out / "index.html").read_text() == "first"
    build(out, "second")
    assert (out / "index.html").read_text() == "second"


@pytest.mark.slow
def test_a_builder_killed_at_any_moment_leaves_a_whole_site(tmp_path):
    out = tmp_path / "site"
    versions = set()

    def check(child):
        good = last_good(out)
        page, table = (good / "index.html").read_text(), (good / "tables" / "a.csv").read_text()
        assert table == page * 2  # both of one build
        versions.add(page)

    half_done = kill_builds("three_files", out, 100, check)
    assert len(versions) > 1
    assert half_done > 0  # the kills did fall into builds
    build(out, "last")
    assert names(out.parent) == [".site.lock", "site"]


def test_whichever_change_of_the_disk_fails_the_old_site_stays_whole(tmp_path):
    out = tmp_path / "place" / "site"
    failed = {failing_disk.ONCE: 0, failing_disk.ONWARDS: 0}
    for one in failing_disk.tries("three_files", out, tmp_path):
        assert one["reached"] == ("error" in one), one
        assert_whole(last_good(out))
        text = (last_good(out) / "index.html").read_text()
        assert text == ("old" if one["reached"] else "new"), one
        if one["stays"] == failing_disk.ONCE:
            assert names(out.parent) == [".site.lock", "site"], one
        if one["reached"]:
            assert one["error"] == "OSError", one["trace"]
            failed[one["stays"]] += 1
    # 3 files opened, written and flushed; 3 folders; 1 lock; 2 renames, and one to mend the first
    assert failed == {failing_disk.ONCE: 15, failing_disk.ONWARDS: 16}


def test_a_build_that_died_between_two_renames_is_mended_by_the_next(tmp_path):
    out = tmp_path / "site"
    build(out, "old")
    before = contents(out)
    (tmp_path / ".site.build").mkdir()
    os.rename(out, tmp_path / ".site.build" / "old")
    with pytest.raises(ValueError), building(out):
        raise ValueError
    assert contents(out) == before
    assert names(tmp_path) == [".site.lock", "site"]


def test_a_folder_that_someone_filled_during_the_build_is_left_alone(tmp_path):
    out = tmp_path / "site"
    with pytest.raises(SwitchError, match="holds files that no build made"), building(out):
        out.mkdir()
        (out / "thesis.doc").write_text("mine")
    assert contents(out) == {"thesis.doc": b"mine"}
