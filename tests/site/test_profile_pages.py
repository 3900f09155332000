"""A sheet shows all there is, once, under addresses that last; so does the page of contents."""

import re
from collections import Counter

import pytest
import small
import village

from positions.site import content, pages, profile_pages
from positions.site.options import Options
from positions.study import load

SITE = pages.Site(
    title="Village", description="", version="1.0", software="0", fingerprint="f" * 16,
    licence="", notice="", pages=(pages.Page("contents.html", "Sheets", "All sheets"),),
)  # fmt: skip


def dossier_of(folder, as_of=None):
    """The dossier of a study, as a report makes it."""
    loaded = load.read(folder, allow_unresolved=True)
    return content.results_of(loaded, Options(folder, as_of=as_of, independent=False)).dossier


@pytest.fixture
def of(tmp_path):
    def with_changes(as_of=None, **changed):
        return dossier_of(village.write(tmp_path / "study", changed), as_of)

    return with_changes


def rendered(found):
    return dict(profile_pages.pages(SITE, found))


def text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def ids(page):
    return re.findall(r' id="([^"]+)"', page)


# --- bodies --------------------------------------------------------------------------------


def test_a_body_sheet_holds_every_code_by_theme_and_proposition(of):
    shown = profile_pages.body_sheet(of(), "alpha")
    # by theme (trade before works), then by proposition
    assert [
        (group["anchor"], group["line"], [(row["anchor"], row["code"], row["dated"])
                                          for row in group["codes"]])
        for group in shown["groups"]
    ] == [
        ("on-p2", "position +2, the model +2: 100%", [("p2--brief", "+2", "2021-03-01")]),
        ("on-p1", "position +2, the model +2: 100%", [("p1--brief", "+2", "2021-03-01")]),
        ("on-p3", "position +1, the model +2: 75%", [("p3--brief", "+1", "2021-03-01")]),
    ]  # fmt: skip
    assert [(source["anchor"], source["line"]) for source in shown["sources"]] == [
        ("source-brief", "Briefing, Brief, 2021-03-01 (shown); whole text read")
    ]


def test_a_body_sheet_begins_with_the_score_its_base_its_bounds_and_what_it_rests_on(of):
    page = text(rendered(of())["body-alpha.html"])
    # (1 + 1 + 3/4) / 3; bounds 2.75/4 and 3.75/4; the brief is older than the plan
    assert (
        "Agreement with the design of “The plan”: 92%, over the 3 of 4 propositions it spoke on; "
        "69% to 94% if unaddressed points were all against / for."
    ) in page
    assert (
        "In its own words: 3 of 3 positions. From before the model was proposed: 3 of 3. One "
        "coder read: what another would find is not known. Every text we coded was read whole."
    ) in page


def test_the_sources_of_a_proposition_stand_in_the_order_of_their_dates(of):
    tables = village.tables()
    (row,) = [row for row in tables["codings"] if row[:2] == ["alpha", "p3"]]
    tables["codings"].append(["alpha", "p3", "news", *row[3:6], "it is said", *[60, 70, "So."]])
    for source in tables["sources"]:
        if source[0] == "brief":
            source[3] = "2021-06"  # later than the news, which come after it in the alphabet
    shown = profile_pages.body_sheet(of(**tables), "alpha")
    group = shown["groups"][-1]
    assert [row["anchor"] for row in group["codes"]] == ["p3--news", "p3--brief"]
    first, last = group["codes"]
    assert first["apart"] == "a later source, at least as strong, counts in its place"
    assert first["replaced_by"] == {
        "title": "The brief", "source_href": "source-brief.html", "dated": "2021-06",
    }  # fmt: skip
    assert (last["apart"], last["replaced_by"]) == ("", None)
    assert [source["anchor"] for source in shown["sources"]] == ["source-news", "source-brief"]


def test_a_position_of_sources_that_differ_is_said_to_be_their_mean(of):
    tables = village.tables()
    (row,) = [row for row in tables["codings"] if row[:2] == ["alpha", "p3"]]
    tables["codings"].append(["alpha", "p3", "news", "ann", -2, *row[5:6], "no", 60, 62, "So."])
    for source in tables["sources"][1:]:
        source[3] = "2021-04"
    lines = {
        g["anchor"]: g["line"] for g in profile_pages.body_sheet(of(**tables), "alpha")["groups"]
    }
    assert lines["on-p3"] == (
        "position -0.5, the mean: its sources differ, and none takes the place of another, "
        "the model +2: 38%"
    )


def test_a_body_sheet_tells_each_kind_of_blank_apart(of):
    tables = village.tables()
    for row in tables["propositions"][1:]:
        # the market was first spoken of after all that gamma is known by, which is of April 2021
        row[7] = "2021-05" if row[0] == "p2" else ""
    found = rendered(of(**tables))
    alpha, gamma = text(found["body-alpha.html"]), text(found["body-gamma.html"])
    assert "On 1 of 4 propositions there is no position." in alpha
    assert (
        "[x] silent: a text of its own was read whole and does not address it. Keep the toll ."
        in (alpha)
    )
    assert "On 3 of 4 propositions there is no position." in gamma
    assert (
        "[o] reported only: nobody read the body itself: others report it. Mend the mill , Keep "
        "the toll . [z] could not: all its documents predate what the proposition speaks of. Open "
        "a market ."
    ) in gamma
    assert "[u]" not in alpha + gamma
    assert "Every one of the 4 propositions is addressed." in text(found["body-beta.html"])
    for source in tables["sources"][1:]:
        source[8:11] = ["opening", "", ""]
    page = text(rendered(of(**tables))["body-alpha.html"])
    assert "[u] not seen: only part of its texts was seen. Keep the toll ." in page
    assert "[x]" not in page


def test_a_code_that_makes_no_position_is_no_answer_to_a_proposition(of):
    tables = village.tables()
    found = rendered(of(as_of="2021-03-02", **tables))  # before the letter
    page = text(found["body-beta.html"])
    assert "no position, [u]" in page
    assert "Does not count: may be later than 2021-03-02 ." not in page
    assert "Does not count: may be later than 2021-03-02." in page


def test_a_code_that_gave_way_names_the_source_that_counts_in_its_place(of):
    tables = village.tables()
    (row,) = [row for row in tables["codings"] if row[:2] == ["alpha", "p1"]]
    tables["codings"].append([*row[:2], "letter", "ann", 1, "stated", "we like it", 60, 70, ""])
    page = rendered(of(**tables))["body-alpha.html"]
    assert (
        "Does not count: a later source, at least as strong, counts in its place: The letter , "
        "2021-03-05 ."
    ) in text(page)
    assert '<a href="source-letter.html">The letter</a>, 2021-03-05</small>.' in page


def test_a_body_sheet_names_whom_the_body_overlaps_with_on_both_sides(of):
    bodies = village.tables()["bodies"]
    bodies[1][4] = "beta; gamma"
    found = rendered(of(bodies=bodies))
    alpha = text(found["body-alpha.html"])
    assert "It is a branch, a member or a signatory of Beta , Gamma , and not independent" in alpha
    beta = text(found["body-beta.html"])
    assert "signatories of it, which are not independent of it: Alpha ." in beta
    assert "independent" not in text(found["body-maker.html"])


def test_a_body_sheet_tells_the_claims_beside_the_score(of):
    propositions = village.tables()["propositions"]
    propositions[3][6] = "claim"  # p3: alpha +1, the plan +2
    page = text(rendered(of(propositions=propositions))["body-alpha.html"])
    assert "Agreement with the design of “The plan”: 100%, over the 2 of 3 propositions" in page
    assert "Beside it, claims and process: 75%, spoke on 1 of 1." in page
    assert "position +1, the model +2: 75%, beside the score" in page
    assert "position +2, the model +2: 100%, beside" not in page


def test_a_body_of_which_nothing_was_coded_has_a_sheet_that_says_so(of):
    bodies = [*village.tables()["bodies"], ["delta", "Delta", "guild", "", ""]]
    page = text(rendered(of(bodies=bodies))["body-delta.html"])
    assert "It spoke on none of the 4 points of the design of “The plan”: no score." in page
    assert "We found nothing that can be coded." in page
    assert "On 4 of 4 propositions there is no position" in page
    assert "What we read" not in page


def test_every_sheet_says_how_to_object_and_where_it_stands(of):
    page = text(rendered(of())["body-beta.html"])
    assert "If we erred Tell us if a phrase is quoted wrongly" in page
    assert "Address of this sheet: body-beta.html" in page


# --- propositions --------------------------------------------------------------------------


def test_a_proposition_sheet_names_all_who_spoke_the_most_supporting_first_and_who_did_not(of):
    found = of()
    shown = profile_pages.proposition_sheet(found, "p3")
    assert [(g["name"], g["href"], g["codes"][0]["anchor"]) for g in shown["groups"]] == [
        ("Alpha", "body-alpha.html#on-p3", "alpha--brief"),
        ("Beta", "body-beta.html#on-p3", "beta--letter"),
    ]
    (blank,) = shown["blanks"]  # the news report them, and nobody read their own words
    assert (blank["mark"], [row["name"] for row in blank["links"]]) == ("[o]", ["Gamma", "Maker"])
    # +1 and 0: mean 0.5, one step apart
    page = text(rendered(found)["proposition-p3.html"])
    assert "2 bodies spoke on it: 1 for, 1 neither, 0 against; mean position +0.50" in page
    assert "mean difference of two bodies 1.00 steps" in page
    assert "In a word: too few spoke." in page
    assert "The plan +2 inferred no phrase of its own By its terms." in page


def test_a_proposition_sheet_says_of_which_kind_it_is_and_since_when_it_could_be_spoken_of(of):
    propositions = village.tables()["propositions"]
    propositions[2][6:8] = ["process", "2021-02"]
    found = rendered(of(propositions=propositions))
    assert "The design: it asks for something that a model provides." in text(
        found["proposition-p1.html"]
    )
    assert (
        "The process: how and when the design is brought about. It stands beside the scores, and "
        "counts in none of them. What it speaks of was first proposed on 2021-02."
    ) in text(found["proposition-p2.html"])


def test_a_model_s_own_phrase_stands_with_its_source_on_both_their_sheets(of):
    held = village.tables()["model_positions"]
    phrase = "the council will bridge the river"
    held[1][3:] = ["stated", "news", phrase, ""]
    found = rendered(of(model_positions=held))
    assert f"The plan +2 stated {phrase} The news , 2021-04" in text(found["proposition-p1.html"])
    assert "The plan +2 inferred no phrase of its own By its terms." in text(
        found["proposition-p2.html"]
    )
    assert f"The plan on Build the bridge +2 stated {phrase} The news" in text(
        found["source-news.html"]
    )


def test_a_proposition_sheet_shows_what_the_engagement_asked_on_it(of):
    found = rendered(of())
    page = text(found["proposition-p1.html"])
    assert "Is a bridge wanted? 60% agreed, 30% disagreed, 10% neutral" in page
    (link,) = re.findall(r'<a href="([^"]+)">as published</a>', found["proposition-p1.html"])
    file, _, anchor = link.partition("#")
    assert file == "source-news.html"
    assert anchor in ids(found[file])


def test_a_proposition_nobody_spoke_on_has_a_sheet_that_says_so(of):
    propositions = [
        *village.tables()["propositions"],
        ["p5", "trade", "Fair", "A fair.", *[""] * 5],
    ]
    page = text(rendered(of(propositions=propositions))["proposition-p5.html"])
    assert "No body spoke on it." in page
    assert "No model takes a position on it." in page
    assert "We found nothing on it that can be coded." in page
    # Gamma and Maker were not read, but for a news report; Alpha and Beta were, whole.
    assert "[x] silent: a text of its own was read whole and does not address it. Alpha" in page
    assert "Every body has a position on it." not in page
    assert "nan" not in page


# --- sources -------------------------------------------------------------------------------


def test_a_source_page_holds_its_facts_and_all_that_it_carries(of):
    shown = profile_pages.source_page(of(), "news")
    assert shown["line"] == "News report, News, 2021-04 (shown); whole text read"
    assert [(row["name"], row["label"], row["anchor"], row["code"]) for row in shown["codes"]] == [
        ("Gamma", "Build the bridge", "gamma--p1", "+1"),
        ("Maker", "Build the bridge", "maker--p1", "+2"),
        ("Maker", "Open a market", "maker--p2", "+2"),
    ]


def test_a_source_without_codes_and_one_that_repeats_another_say_so(of):
    sources = village.tables()["sources"]
    sources.append(["copy", "A copy", "", "2021-05", "shown", "letter", "combined",
                    "https://example.org/copy", "opening", "", "", "brief"])  # fmt: skip
    found = rendered(of(sources=sources))
    page = text(found["source-copy.html"])
    assert "No code rests on it." in page
    assert "Repeats the wording of The brief" in page
    assert "https://example.org/copy" in page
    assert 'href="http' not in found["source-copy.html"]
    assert "Its wording is repeated by A copy" in text(found["source-brief.html"])


# --- all of them ---------------------------------------------------------------------------


def links(pages):
    for name, page in pages.items():
        for href in re.findall(r'<a [^>]*href="([^"]*)"', page):
            file, _, anchor = href.partition("#")
            yield name, file or name, anchor


@pytest.mark.parametrize("folder", [village.write, small.write])
def test_every_link_among_the_sheets_resolves_and_the_contents_reach_every_sheet(folder, tmp_path):
    found = rendered(dossier_of(folder(tmp_path / "study")))
    for name, file, anchor in links(found):
        if file == "assurance.html":
            continue  # the report's own page
        assert file in found, (name, file)
        assert not anchor or anchor in ids(found[file]), (name, file, anchor)
    reached = {file for name, file, _ in links(found) if name == "contents.html"}
    assert set(found) <= reached | {"contents.html"}


@pytest.mark.parametrize("folder", [village.write, small.write])
def test_every_address_that_a_table_may_lead_to_is_on_a_sheet_once(folder, tmp_path):
    gathered = dossier_of(folder(tmp_path / "study"))
    found = rendered(gathered)
    for address in profile_pages.places(gathered).known:
        file, _, anchor = address.partition("#")
        assert not anchor or anchor in ids(found[file]), address
        assert Counter(ids(found[file])).most_common(1)[0][1] == 1


def test_a_study_without_bodies_has_its_other_sheets(of):
    none = {name: village.tables()[name][:1] for name in ("bodies", "codings")}
    found = rendered(of(**none))
    assert len(found) == 4 + 3 + 1  # propositions, sources, contents
    assert "No body spoke on it." in text(found["proposition-p1.html"])


def test_no_string_of_a_study_reaches_a_sheet_as_markup(of):
    tables = village.tables()
    for row in tables["codings"][1:]:
        row[9] = "<b>why</b>"
    for row in tables["propositions"][1:]:
        row[2] = f"<b>{row[0]}</b>"
    for page in rendered(of(**tables)).values():
        assert "<b>" not in page
    assert "&lt;b&gt;why&lt;/b&gt;" in rendered(of(**tables))["body-alpha.html"]
