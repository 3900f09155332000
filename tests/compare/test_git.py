"""A study out of a git revision: exactly what was committed, and nothing that the tree can do."""

import os
import subprocess
import tempfile

import openpyxl
import pytest
import village

from positions.compare import git as revisions
from positions.compare import records as record_changes
from positions.study.csv_reader import ReadLimits
from positions.study.problems import StudyError

WHO = {
    "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "2021-03-01T12:00:00Z", "GIT_COMMITTER_DATE": "2021-03-01T12:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(folder, *arguments, given=None):
    run = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **WHO}, input=given, check=True,
        capture_output=True,
    )  # fmt: skip
    return run.stdout.decode().strip()


def commit(folder, message="a commit"):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Two commits of the study `data`; the first is tagged, the second says +1 for Alpha on p1."""
    held = tmp_path / "held"
    held.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(held))
    home = tmp_path / "home"
    home.mkdir()
    git(home, "init", "--quiet", "--initial-branch=main")
    village.write(home / "data")
    commit(home)
    git(home, "tag", "--annotate", "--message", "first", "v1")
    codings = village.tables()["codings"]
    codings[1][4] = 1
    village.write(home / "data", {"codings": codings})
    commit(home)
    yield home
    assert list(held.iterdir()) == []  # whatever happened, nothing was left behind


def read(home, given, **options):
    return revisions.find_edition(given, str(home / "data"), **options)


def stance(edition):
    """Alpha on p1."""
    codings = edition.study.codings.query("body_id == 'alpha' and proposition_id == 'p1'")
    return codings["stance"].iloc[0]


def refused(home, given, **options):
    with pytest.raises(revisions.RevisionError) as raised:
        read(home, given, **options)
    return str(raised.value)


# --- which study is meant -------------------------------------------------------------------


def test_a_revision_holds_what_was_committed_then(repository):
    assert stance(read(repository, "v1")) == 2
    assert stance(read(repository, "HEAD~1")) == 2
    assert stance(read(repository, "main")) == 1


def test_what_is_not_committed_is_in_no_revision(repository):
    (repository / "data" / "codings.csv").unlink()
    assert stance(read(repository, "HEAD")) == 1


def test_a_revision_is_called_by_its_name_and_its_commit(repository):
    first = git(repository, "rev-parse", "v1^{commit}")[:12]
    edition = read(repository, "v1")
    assert edition.label == edition.public == f"v1 ({first})"
    assert read(repository, "v1:data").label == f"v1:data ({first})"
    assert read(repository, first[:8]).label == first


def test_a_study_elsewhere_in_the_repository_is_named_from_its_top(repository):
    codings = village.tables()["codings"]
    codings[1][4] = -1
    village.write(repository / "more" / "-odd", {"codings": codings})
    commit(repository)
    assert stance(read(repository, "HEAD:more/-odd/")) == -1
    git(repository, "mv", "more/-odd", "--", "-odd")
    commit(repository)
    assert stance(read(repository, "HEAD:-odd")) == -1


def test_a_study_at_the_top_of_its_repository_is_found_there(tmp_path):
    home = village.write(tmp_path / "study")
    git(home, "init", "--quiet")
    commit(home)
    assert stance(revisions.find_edition("HEAD", str(home))) == 2
    assert stance(revisions.find_edition("HEAD:", str(home))) == 2


def test_a_path_that_exists_is_meant_as_a_path_and_a_full_name_as_a_revision(
    repository, monkeypatch
):
    monkeypatch.chdir(repository)
    codings = village.tables()["codings"]
    codings[1][4] = -2
    village.write(repository / "v1", {"codings": codings})
    edition = read(repository, "v1")
    assert (stance(edition), edition.label, edition.public) == (-2, "v1", "v1, version 1.0")
    assert stance(read(repository, "refs/tags/v1")) == 2
    assert stance(read(repository, "v1:data")) == 2


def test_a_folder_is_published_by_its_name_and_version_and_never_by_its_path(repository):
    edition = read(repository, str(repository / "data"))
    assert (edition.public, stance(edition)) == ("data, version 1.0", 1)


def test_beside_a_study_outside_any_repository_the_one_worked_in_is_asked(
    repository, tmp_path, monkeypatch
):
    monkeypatch.chdir(repository)
    outside = village.write(tmp_path / "outside")
    assert stance(revisions.find_edition("v1", str(outside))) == 2


# --- what is refused, in words ---------------------------------------------------------------


def test_a_name_that_is_neither_path_nor_revision_says_what_was_tried(repository):
    told = refused(repository, "v9")
    assert "'v9' is no folder or workbook that is there" in told
    assert "'v9' no revision of the repository" in told


def test_a_revision_outside_any_repository_is_refused_with_gits_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    village.write(tmp_path / "data")
    told = refused(tmp_path, "v1")
    assert "no folder or workbook that is there" in told
    assert "not a git repository" in told


def test_without_git_a_revision_is_refused_and_a_folder_is_read(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "git is not installed" in refused(repository, "v1")
    assert stance(read(repository, str(repository / "data"))) == 1


def test_a_place_that_the_revision_lacks_is_named(repository):
    for place in ("none", "data/codings.csv", "data/none.xlsx"):
        told = refused(repository, f"v1:{place}")
        assert f"no study can be read from v1:{place}: " in told
        assert "(write REV:path/of/study from the top of the repository, without dots;" in told


@pytest.mark.parametrize("given", ["--output=stolen", "-v", "--git-dir=.", ":data", "", "v1\0"])
def test_what_might_be_an_option_is_no_revision(repository, given, monkeypatch):
    monkeypatch.chdir(repository)
    assert "revision" in refused(repository, given)
    assert sorted(os.listdir(repository)) == [".git", "data"]


@pytest.mark.parametrize("place", ["data/../data", "./data", "../data", "data//codings.csv"])
def test_a_place_is_written_without_dots(repository, place):
    assert "without dots" in refused(repository, f"v1:{place}")


def test_a_study_that_the_reader_refuses_shows_its_problems_with_the_revision(repository):
    (repository / "data" / "codings.csv").write_text("no,table\n")
    commit(repository)
    with pytest.raises(StudyError) as raised:
        read(repository, "HEAD")
    assert all(problem.file.startswith("HEAD (") for problem in raised.value.problems)
    assert "codings.csv" in str(raised.value)


def test_a_study_of_before_a_required_table_is_refused_by_the_reader(repository):
    (repository / "data" / "models.csv").unlink()
    commit(repository)
    with pytest.raises(StudyError, match=r"models\.csv: error: file-missing"):
        read(repository, "HEAD")


def test_a_study_of_before_an_optional_table_has_an_empty_one(repository):
    edition = read(repository, "v1")
    assert edition.study.claims.empty
    assert "claim_id" in edition.study.claims.columns


def test_a_clone_without_its_files_is_refused_in_one_sentence(repository, tmp_path):
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none",
        repository.as_uri(), "part")  # fmt: skip
    told = refused(tmp_path / "part", "v1")
    assert "no study can be read from v1:data: " in told
    assert told.endswith("fetch the files that a clone lacks)")
    assert len(told.splitlines()) == 1


# --- what a tree may not do -------------------------------------------------------------------


def test_a_link_in_the_tree_is_refused_wherever_it_leads(repository):
    (repository / "data" / "claims.csv").symlink_to("/etc/passwd")
    commit(repository)
    assert "HEAD:data: 'claims.csv' is a link, a folder or a module" in refused(repository, "HEAD")


def test_a_study_folder_that_is_a_link_is_refused(repository):
    (repository / "other").symlink_to("data")
    commit(repository)
    for place in ("HEAD:other", "HEAD:other/x"):
        assert f"no study can be read from {place}: " in refused(repository, place)


def test_a_submodule_is_no_table(repository):
    head = git(repository, "rev-parse", "HEAD")
    for name, message in (("part", "a module"), ("claims.csv", "a module with a table's name")):
        git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},data/{name}")
        git(repository, "commit", "--quiet", "--message", message)
    assert stance(read(repository, "HEAD~1")) == 1
    assert "HEAD:data: 'claims.csv' is a link, a folder or a module" in refused(repository, "HEAD")


def test_an_entry_that_would_leave_the_folder_is_refused(repository, tmp_path):
    blob = git(repository, "hash-object", "-w", "--stdin", given=b"x\n")
    entry = b"100644 ../../stolen.csv\0" + bytes.fromhex(blob)
    tree = git(repository, "hash-object", "-t", "tree", "--literally", "-w", "--stdin",
               given=entry)  # fmt: skip
    outer = b"40000 data\0" + bytes.fromhex(tree)
    top = git(repository, "hash-object", "-t", "tree", "--literally", "-w", "--stdin",
              given=outer)  # fmt: skip
    evil = git(repository, "commit-tree", "-m", "evil", top)
    assert "'../../stolen.csv'" in refused(repository, evil)
    assert not list(tmp_path.rglob("stolen.csv"))


def test_no_filter_hook_or_line_ending_of_the_repository_runs(repository, tmp_path):
    marker = tmp_path / "ran"
    for name in ("filter.evil.smudge", "filter.evil.clean", "core.fsmonitor",
                 "diff.evil.textconv"):  # fmt: skip
        git(repository, "config", name, f"touch {marker}; cat")
    git(repository, "config", "core.autocrlf", "true")
    (repository / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {marker}\n")
    os.chmod(repository / ".git" / "hooks" / "post-checkout", 0o755)
    stored = (repository / "data" / "codings.csv").read_bytes()
    (repository / "data" / ".gitattributes").write_text(
        "*.csv filter=evil diff=evil eol=crlf export-subst ident\n*.json export-ignore\n"
    )
    commit(repository)
    git(repository, "config", "--unset", "core.fsmonitor")
    assert marker.exists()  # the trap is live: adding the files ran it
    marker.unlink()
    git(repository, "config", "core.fsmonitor", f"touch {marker}; cat")
    assert (stance(read(repository, "v1")), stance(read(repository, "HEAD"))) == (2, 1)
    assert not marker.exists()
    assert b"\r" not in stored


def test_the_callers_own_git_settings_do_not_choose_another_repository(
    repository, tmp_path, monkeypatch
):
    other = village.write(tmp_path / "other")
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert stance(read(repository, "v1")) == 2


def test_a_replaced_object_is_not_taken_for_the_one_that_was_committed(repository):
    git(repository, "replace", "v1^{commit}", "HEAD")
    assert stance(read(repository, "v1")) == 2


def test_tables_beyond_the_limits_are_refused_before_they_are_taken_out(repository):
    told = refused(repository, "v1", limits=ReadLimits(bytes_per_file=1_000))
    assert "v1:data: more than 1000 bytes of tables" in told
    told = refused(repository, "v1", limits=ReadLimits(archive_entries=3))
    assert "v1:data: more than 3 tables" in told


def test_files_that_no_study_is_read_from_stay_in_the_store(repository):
    (repository / "data" / "film.mp4").write_bytes(b"0" * 100_000)
    (repository / "data" / "notes").mkdir()
    (repository / "data" / "notes" / "link.csv").symlink_to("/etc/passwd")
    commit(repository)
    assert stance(read(repository, "HEAD", limits=ReadLimits(bytes_per_file=90_000))) == 1


def test_a_revision_may_hold_a_workbook(repository):
    made = openpyxl.Workbook()
    made.remove(made.active)
    settings = [["title", "Village"], ["reference_model", "plan"], ["version", "1.0"],
                ["description", "Made up."], ["ranked_from", "3"]]  # fmt: skip
    for name, rows in {"study": settings, **village.tables()}.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    made.save(repository / "data" / "study.xlsx")
    commit(repository)
    (repository / "data" / "study.xlsx").unlink()
    book, folder = read(repository, "HEAD:data/study.xlsx"), read(repository, "v1")
    assert stance(book) == 2
    assert record_changes.records(folder.study, book.study).empty


def test_reading_a_revision_changes_nothing_in_the_repository(repository):
    def state():
        return {
            path: path.stat().st_mtime_ns for path in sorted(repository.rglob("*"))
            if path.is_file()
        }  # fmt: skip

    before = state()
    read(repository, "v1")
    assert state() == before
    assert git(repository, "status", "--porcelain") == ""
