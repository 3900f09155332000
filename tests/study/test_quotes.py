import hashlib

import pandas as pd
import pytest

from positions.study import quotes

TEXT = "The NHS \u2018must\u2019 work\n  with\u00a0councils. It said so; it said so."


def coding(quote: str, start: int | None, end: int | None, source: str = "s") -> pd.DataFrame:
    row = {"body_id": "a", "proposition_id": "p", "source_id": source, "coder": "one"}
    row |= {"quote": quote, "start": start, "end": end}
    return pd.DataFrame([row]).astype({"start": "Int64", "end": "Int64"})


def check(quote: str, start: int | None, end: int | None, text: str = TEXT):
    row = quotes.verify(coding(quote, start, end), {"s": text.encode()}).iloc[0]
    return row["result"], *row["found_at"]


def test_a_phrase_at_its_place_is_found_whatever_the_white_space_and_quotation_marks():
    assert check("'must' work with councils", 8, 35) == ("found",)


def test_one_letter_more_or_less_is_not_found():
    assert check("'must' work with council", 8, 35) == ("moved", (8, 34))
    assert check("'must' works with councils", 8, 35) == ("gone",)


def test_case_is_not_folded():
    assert check("the NHS", 0, 7) == ("gone",)


def test_a_phrase_elsewhere_has_moved_and_every_place_is_named():
    assert check("it said so", 0, 10) == ("moved", (49, 59))
    assert check("said so", 0, 7) == ("moved", (40, 47), (52, 59))


def test_soft_hyphens_fold():
    assert check("cooperation", 4, 16, "in  co\u00adoperation") == ("found",)


def test_a_phrase_without_a_place_is_looked_for():
    assert check("councils", None, None) == ("moved", (27, 35))


def test_a_text_that_is_not_there_is_absent_not_gone():
    found = quotes.verify(coding("councils", 27, 35, "other"), {"s": TEXT.encode()})
    assert list(found["result"]) == ["absent"]


def test_a_changed_text_is_told_by_its_hash():
    raw = TEXT.encode()
    sources = pd.DataFrame(
        {
            "source_id": ["s", "t", "u", "v"],
            "text_seen": ["whole"] * 3 + ["opening"],
            "characters": [len(TEXT)] * 4,
            "sha256": [hashlib.sha256(raw).hexdigest()] * 3 + [""],
        }
    )
    found = quotes.verify_texts(sources, {"s": raw, "t": raw + b" ", "v": raw})
    assert list(found["result"]) == ["same", "changed", "absent", "no hash"]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "s.txt").symlink_to(tmp_path / "secret")
    (tmp_path / "t.txt").write_text("open")
    sources = pd.DataFrame({"source_id": ["s", "t", "../secret"]})
    assert quotes.texts(tmp_path, sources) == {"t": b"open"}


CSV = (
    "body_id,proposition_id,source_id,coder,stance,basis,quote,start,end,note\n"
    'a,p,s,one,2,stated,"it said so",0,10,"one, two"\n'
    "a,q,s,one,2,stated,said so,0,7,\n"
)


def test_accepting_moves_rewrites_only_places_found_exactly_once(tmp_path):
    table = tmp_path / "codings.csv"
    table.write_text(CSV)
    rows = pd.concat([coding("it said so", 0, 10), coding("said so", 0, 7)])
    rows["proposition_id"] = ["p", "q"]
    checked = quotes.verify(rows, {"s": TEXT.encode()})
    assert quotes.accept_moves(table, checked) == 1
    assert table.read_text() == CSV.replace('"it said so",0,10', "it said so,49,59")


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_text_holds_no_phrase(text):
    assert quotes.places("a", text) == []
    assert quotes.places("", "some text") == []
