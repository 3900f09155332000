"""The id that was meant, by a name, a label or a slip of the key."""

import pytest

from positions.study import suggestions

BODIES = [
    {"body_id": "lga", "name": "Local Government\u00a0Association"},
    {"body_id": "konp", "name": "Keep Our NHS Public"},
    {"body_id": "twin", "name": "Twin"},
    {"body_id": "twin-2", "name": "Twin "},
]
KNOWN = suggestions.by_name("bodies", {"lga", "konp", "twin", "twin-2"}, "body_id", BODIES)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("LOCAL government association", "lga"),
        ("Keep our NHS Publick", "konp"),
        ("konpp", "konp"),
        ("bma", ""),
    ],
)
def test_the_nearest_id_or_name_is_found(written, meant):
    assert suggestions.nearest(written, KNOWN) == meant


def test_a_name_that_two_rows_have_stands_for_neither():
    assert suggestions.exactly("Twin", KNOWN) == ""


def test_among_very_many_ids_only_the_very_name_is_found():
    known = suggestions.by_name("bodies", {f"b-{n:04d}" for n in range(2001)}, "body_id", [])
    assert suggestions.nearest("B-0001", known) == "b-0001"
    assert suggestions.nearest("b-00001", known) == ""
