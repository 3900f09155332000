"""A Polis conversation comes in with its signs the right way round, and a study goes out as one."""

import csv
import io

import networkx
import pytest
import small
import village
from polismade import ADMIN, COMMENTS, MATRIX, REPORT, SUMMARY, VOTES

from positions.exchange import formats, merge
from positions.exchange.formats import ImportOptions
from positions.exchange.mapping import read_declarations
from positions.exchange.polis import exporter as polis_exporter
from positions.measures import networks, stances
from positions.study import load
from positions.study.problems import as_text

AGREE = ["agree=2", "disagree=-2", "pass=0"]
FACTS = ["propositions.theme=works", "bodies.kind=person", "sources.kind=vote", "sources.phase=one"]


def brought(tmp_path, files, *, stances=AGREE, facts=FACTS, maps=None, **choices):
    folder = tmp_path / "export"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    declared = read_declarations(maps or {}, {}, facts, stances)
    return formats.bring("polis", folder, tmp_path / "study", declared, ImportOptions(**choices))[0]


def test_participants_become_respondents_and_comments_questions(tmp_path):
    taken = brought(tmp_path, ADMIN)
    assert as_text(taken.problems) == ""
    assert taken.files["questions.csv"].decode() == (
        "question_id,proposition_id,question,answers,reversed\n"
        "the-bridge-0,the-bridge-0,Build the bridge,agree3,\n"
        'the-bridge-1,the-bridge-1,"Tax the mill, and soon",agree3,\n'
    )
    assert taken.files["responses/polis-the-bridge.csv"].decode() == (
        "respondent,question_id,answer\n"
        "the-bridge-0,the-bridge-0,agree\nthe-bridge-0,the-bridge-1,disagree\n"
        "the-bridge-1,the-bridge-0,agree\nthe-bridge-1,the-bridge-1,agree\n"
        "the-bridge-2,the-bridge-0,disagree\nthe-bridge-2,the-bridge-1,neutral\n"
    )
    assert taken.added["bodies"] == taken.added["codings"] == 0
    unread = [(p.file, p.column) for p in taken.lost if "is not read" in p.message]
    assert unread == [
        ("summary.csv", "voters"), ("comments.csv", "timestamp"), ("comments.csv", "datetime"),
        ("comments.csv", "author-id"), ("comments.csv", "agrees"), ("comments.csv", "disagrees"),
        ("participants-votes.csv", "group-id"), ("participants-votes.csv", "n-comments"),
    ]  # fmt: skip
    left = [p for p in taken.lost if "is not read" not in p.message]
    assert [(p.file, p.line, p.column, p.value, p.message) for p in left] == [
        ("comments.csv", 4, "moderated", "Rude words", "the comment was moderated out"),
        ("participants-votes.csv", 4, "2", "disagree",
         "a vote on a comment that is not there, or was moderated out"),
    ]  # fmt: skip


def test_both_exports_give_the_same_answers_once_the_sign_is_declared(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    admin = brought(tmp_path / "a", ADMIN)
    report = brought(tmp_path / "b", REPORT, agree=-1)
    assert as_text(report.problems) == ""
    name = "responses/polis-the-bridge.csv"
    assert report.files[name] == admin.files[name]
    assert [(p.line, p.message) for p in report.lost if p.column == "vote"] == [
        (4, "participant 2 voted on comment 0 again later")
    ]


def test_the_sign_of_votes_alone_is_never_guessed(tmp_path):
    taken = brought(tmp_path, REPORT)
    assert as_text(taken.problems) == (
        "votes.csv:1 [vote]: error: polis-sign: the file does not say whether agreeing is +1 or -1"
        "\n    fix: declare it, from a vote you know: --agree 1, or --agree -1 (the report page "
        "of 2024 and before)"
    )
    assert taken.files == taken.base


def test_the_counts_beside_the_votes_tell_the_sign_and_contradict_a_wrong_one(tmp_path):
    turned = {**ADMIN, "participants-votes.csv": MATRIX.replace("1,1,1,-1", "1,1,-1,1").replace(
        "2,0,1,1", "2,0,-1,-1").replace("0,2,-1,0,-1", "0,2,1,0,1")}  # fmt: skip
    assert brought(tmp_path, turned).files == brought(tmp_path, ADMIN).files
    wrong = brought(tmp_path, ADMIN, agree=-1)
    assert "«-1» the export says that agreeing is +1" in as_text(wrong.problems)
    uncounted = {**ADMIN, "participants-votes.csv": "participant,0,1\n0,1,-1\n"}
    assert "does not say whether" in as_text(brought(tmp_path, uncounted).problems)
    assert as_text(brought(tmp_path, uncounted, agree=1).problems) == ""
    odd = {**ADMIN, "participants-votes.csv": MATRIX.replace("0,0,0,2,1,1", "0,0,0,2,2,0")}
    assert "does not say whether" in as_text(brought(tmp_path, odd).problems)
    assert "the counts do not add up with the votes" in as_text(brought(tmp_path, odd).lost)


def test_counts_of_the_report_page_were_made_with_the_wrong_sign_and_tell_nothing(tmp_path):
    page = {"comments.csv": COMMENTS, "participant-votes.csv": MATRIX, "summary.csv": SUMMARY}
    assert "does not say whether agreeing is +1 or -1" in as_text(brought(tmp_path, page).problems)
    taken = brought(tmp_path, page, agree=-1)
    assert "the-bridge-2,the-bridge-0,agree\n" in (
        taken.files["responses/polis-the-bridge.csv"].decode()
    )


@pytest.mark.parametrize(("sign", "answer"), [("agree=+1;disagree=-1", "disagree"),
                                              ("agree=-1;disagree=+1", "agree")])  # fmt: skip
def test_a_sign_that_the_export_declares_is_taken(sign, answer, tmp_path):
    line = f"vote-convention,{sign};pass=0;format=polis-export/1\n"
    page = {
        "comments.csv": COMMENTS,
        "participant-votes.csv": MATRIX,
        "summary.csv": SUMMARY + line,
    }
    taken = brought(tmp_path, page)
    assert as_text(taken.problems) == ""
    assert f"the-bridge-2,the-bridge-0,{answer}\n" in (
        taken.files["responses/polis-the-bridge.csv"].decode()
    )
    other = {**page, "summary.csv": SUMMARY + "vote-convention,agree=yes\n"}
    assert "summary.csv [vote-convention]: error: polis-sign: «agree=yes»" in (
        as_text(brought(tmp_path, other).problems)
    )


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (AGREE[:2], "a pass can mean neither, or unsure: Polis does not say which"),
        (AGREE[1:], "declare its code: --stance agree=CODE"),
        (["agree=2", "disagree=-1", "pass=0"], "responses have agree at +2 and disagree at -2"),
    ],
)
def test_how_strong_a_vote_is_must_be_declared(codes, words, tmp_path):
    assert words in as_text(brought(tmp_path, ADMIN, stances=codes).problems)


def test_a_pass_can_be_left_behind_and_is_then_listed(tmp_path):
    taken = brought(tmp_path, ADMIN, stances=["agree=1", "disagree=-1", "pass=none"])
    assert ",lean3," in taken.files["questions.csv"].decode()
    assert "neutral" not in taken.files["responses/polis-the-bridge.csv"].decode()
    assert [(p.line, p.value) for p in taken.lost if p.message == "declared to be no stance"] == [
        (4, "pass")
    ]


def test_participants_become_bodies_only_when_asked(tmp_path):
    taken = brought(tmp_path, {**ADMIN, "votes.csv": VOTES}, as_bodies=True)
    assert as_text(taken.problems) == ""
    assert len(taken.files["questions.csv"].splitlines()) == 1  # the header alone
    assert taken.files["codings.csv"].decode().splitlines()[1:3] == [
        "the-bridge-0,the-bridge-0,the-bridge,polis,2,stated,agree,,,",
        "the-bridge-0,the-bridge-1,the-bridge,polis,-2,stated,disagree,,,",
    ]
    assert taken.files["sources.csv"].decode().splitlines()[1] == (
        "the-bridge,The bridge?,,2021-03-01/2021-03-02,inferred: from the first and the last vote,"
        "vote,one,https://example.org/1,opening,,,"
    )


@pytest.mark.parametrize("options", [{}, {"as_bodies": True}])
def test_the_same_folder_twice_gives_the_same_study(options, tmp_path):
    one = brought(tmp_path, {**ADMIN, "votes.csv": VOTES}, **options)
    merge.write(tmp_path / "study", one)
    two = brought(tmp_path, {**ADMIN, "votes.csv": VOTES}, **options)
    assert as_text([*two.problems, *two.conflicts]) == ""
    assert two.files == two.base


def test_a_conversation_may_have_any_number_of_comments_and_they_may_begin_alike(tmp_path):
    begin = "We should build the new bridge across the river at the old mill, and"
    bodies = [f"{begin} pay by tax {at // 2}" for at in range(450)]  # each of them twice
    comments = "comment-id,moderated,comment-body\n" + "".join(
        f'{at},1,"{body}"\n' for at, body in enumerate(bodies)
    )
    numbers = ",".join(map(str, range(450)))
    matrix = f"participant,n-agree,n-disagree,{numbers}\n7,450,0{',1' * 450}\n"
    files = {**ADMIN, "comments.csv": comments, "participants-votes.csv": matrix}
    taken = brought(tmp_path, files)
    assert as_text([*taken.problems, *taken.conflicts]) == ""
    assert taken.added["propositions"] == taken.added["questions.csv"] == 450
    assert "\nthe-bridge-449,works," in taken.files["propositions.csv"].decode()
    merge.write(tmp_path / "study", taken)
    again = brought(tmp_path, files)
    assert as_text([*again.problems, *again.conflicts]) == ""
    assert again.files == again.base


def test_comments_are_mapped_on_propositions_that_the_study_has(tmp_path):
    village.write(tmp_path / "study")
    taken = brought(tmp_path, ADMIN, maps={"m": b"table,name,column,value\npropositions,"
                    b'"Tax the mill, and soon",proposition_id,p3\n'})  # fmt: skip
    assert "the-bridge-0,p1," in taken.files["questions.csv"].decode()
    assert "the-bridge-1,p3," in taken.files["questions.csv"].decode()
    assert taken.added["propositions"] == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("participants-votes.csv", "1,-1,\n", "1,2,\n",
         "participants-votes.csv:2 [1]: error: polis-vote: «2» a vote is 1, -1 or 0"),
        ("participants-votes.csv", "1,0,1,", "0,0,1,",
         "participants-votes.csv:3 [participant]: error: duplicate: «0»"),
        ("comments.csv", '"Tax the mill, and soon"', "Tax the mill, and soon",
         "comments.csv:3: error: field-count"),
        ("comments.csv", "comment-body", "text", "comments.csv:1 [comment-body]: error: header"),
        ("summary.csv", "topic", "subject",
         "summary.csv [topic]: error: polis-topic: the conversation has no name "
         "to number"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_is_named_with_its_place(file, old, new, words, tmp_path):
    assert old in ADMIN[file]
    taken = brought(tmp_path, {**ADMIN, file: ADMIN[file].replace(old, new, 1)})
    assert words in as_text(taken.problems)


def test_a_time_that_is_none_is_refused(tmp_path):
    for bad in ("1e9", "999999999999999", "-5", ""):
        files = {**REPORT, "votes.csv": VOTES.replace("1614556900", bad)}
        assert "votes.csv:4 [timestamp]: error: polis-time" in (
            as_text(brought(tmp_path, files, agree=-1).problems)
        )


# --- out -----------------------------------------------------------------------------------


def rows(raw):
    return list(csv.reader(io.StringIO(raw.decode())))


def test_a_study_goes_out_with_sides_as_votes(tmp_path):
    files = formats.export(load.read(village.write(tmp_path / "study")), "polis")
    assert rows(files["participants-votes.csv"]) == [
        ["participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree",
         "0", "1", "2", "3"],
        ["0", "alpha", "", "0", "3", "3", "0", "1", "1", "1", ""],
        ["1", "beta", "", "0", "4", "1", "2", "-1", "-1", "0", "1"],
        ["2", "gamma", "", "0", "1", "1", "0", "1", "", "", ""],
        ["3", "maker", "", "0", "2", "2", "0", "1", "1", "", ""],
    ]  # fmt: skip
    assert rows(files["votes.csv"])[1] == [
        "1614556800000", "Mon Mar 01 00:00:00 UTC 2021", "0", "0", "1"]  # fmt: skip
    assert [row[4:] for row in rows(files["comments.csv"])[1:]] == [
        ["3", "1", "1", "A bridge should be built."], ["2", "1", "1", "A market should be opened."],
        ["1", "0", "1", "The mill should be mended."], ["1", "0", "1", "The toll should be kept."],
    ]  # fmt: skip


def test_what_goes_out_comes_back_with_the_same_sides(tmp_path):
    coders = [*village.tables()["coders"], ["polis", "model", "Polis", "", "", "", ""]]
    loaded = load.read(village.write(tmp_path / "study", {"coders": coders}))
    files = {k: v.decode() for k, v in formats.export(loaded, "polis").items()}
    taken = brought(tmp_path, files, as_bodies=True)
    assert as_text(taken.problems) == ""
    assert taken.added == {"bodies": 4, "sources": 1, "propositions": 0, "codings": 10}
    positions = stances.positions(
        stances.resolve(loaded.codings, loaded.adjudications), loaded.sources
    )
    numbers = {name: at for at, name in enumerate(sorted(loaded.bodies["body_id"]))}
    sides = {
        (f"village-{numbers[r.body_id]}", r.proposition_id): (r.position > 0) - (r.position < 0)
        for r in positions.itertuples()
    }
    back = rows(taken.files["codings.csv"])[1:]
    found = {(row[0], row[1]): int(row[4]) // 2 for row in back if row[3] == "polis"}
    assert found == sides


def test_a_study_without_codings_goes_out_without_votes():
    loaded = load.read("data")
    none = polis_exporter.export(
        stances.positions(stances.resolve(loaded.codings.head(0), loaded.adjudications.head(0)),
                          loaded.sources), loaded.bodies, loaded.propositions, "x",
    )  # fmt: skip
    assert len(rows(none["votes.csv"])) == 1


# --- networks ------------------------------------------------------------------------------


def test_the_network_of_bodies_and_propositions_holds_every_position(tmp_path):
    loaded = load.read(village.write(tmp_path / "study"))
    files = formats.export(loaded, "graphml")
    graph = networkx.parse_graphml(files["affiliations.graphml"].decode())
    assert len(graph.nodes) == 8
    assert {(a, b, d["position"]) for a, b, d in graph.edges(data=True) if a == "body:beta"} == {
        ("body:beta", "proposition:p1", -2.0), ("body:beta", "proposition:p2", -2.0),
        ("body:beta", "proposition:p3", 0.0), ("body:beta", "proposition:p4", 2.0),
    }  # fmt: skip
    assert graph.edges["body:beta", "proposition:p3"]["side"] == 0
    assert graph.nodes["body:maker"] == {"mode": "body", "name": "Maker", "kind": "proposer"}
    pairs = networkx.parse_graphml(files["relations.graphml"].decode())
    assert pairs.edges["alpha", "beta"] == {"both_spoke": 3, "agree": 0, "disagree": 2}


def test_an_affiliation_of_a_body_that_shares_a_proposition_s_id_is_its_own(tmp_path):
    loaded = load.read(small.write(tmp_path / "study"))
    bodies = loaded.bodies.assign(body_id=loaded.bodies["body_id"].replace("lga", "footing"))
    positions = stances.positions(
        stances.resolve(loaded.codings, loaded.adjudications), loaded.sources
    ).assign(body_id=lambda rows: rows["body_id"].replace("lga", "footing"))
    edges, nodes = networks.affiliations(positions, bodies, loaded.propositions)
    assert nodes["body_id"].is_unique
    assert ("body:footing", "proposition:footing") in set(
        zip(edges["first"], edges["second"], strict=True)
    )
