"""A faulty table never yields a report: each fault is refused, with its place and its words."""

import json
import os

import pytest
from small import TABLES, A, B, C, package, said, spoilt, write

CODES = "codings.csv"
SRC = "sources.csv"
FROM = "lga,footing,lga-view,ann,1,stated,broadly supports the plan,10,35,"
PLAIN = "write it in plain digits: no words, thousands marks, exponents or units"
DIGITS = "in plain digits, without spaces or zeros in front"
ISO = "write 2021-02-11, 2021-02, 2021 or an interval 2020-11-26/2021-01-08"
CLOSE = "close the quotation mark where the cell ends; in prose, put a space after a comma"
ADDRESS = "ids become file names and page addresses: use letters, digits, -"
ALIKE = "use one spelling, or values that differ in more than look-alike letters"
HERE = "`positions verify --texts` says where the phrase stands"
SCALE = "write a number from -2 to 2"


def in_cell(file, old, new, place, record, written):
    """Faults of one cell, by name: what is written there, the rule, what is said, and the fix."""
    return {
        name: (file, old, new.format(text),
               f"{place}: error: {rule} (record {record}): {words}\n    fix: {fix}")
        for name, (text, rule, words, fix) in written.items()
    }  # fmt: skip


STANCES = in_cell(CODES, "ann,1,", "ann,{},", "codings.csv:2 [stance]", 1, {
    "a stance off the scale": ("3", "range", "«3» out of range", SCALE),
    "a stance in words": ("supports", "integer", "«supports» not a whole number", PLAIN),
    "a stance left empty": ("", "required", "the cell is empty", "write the stance"),
    "a stance NA": (
        "NA", "integer", "«NA» not a whole number", "silence has no row: delete the row"),
    "a stance as a decimal": ("1.0", "integer", "«1.0» not a whole number", "write 1"),
    "a stance of one half": ("0.5", "integer", "«0.5» not a whole number", PLAIN),
    "a stance with a decimal comma": ('"1,5"', "integer", "«1,5» not a whole number", PLAIN),
    "a stance with a minus sign that is no hyphen": (
        "\u22122", "integer", "«\u22122» not a whole number", f"write -2 {DIGITS}"),
    "a stance with an en dash": (
        "\u20132", "integer", "«\u20132» not a whole number", f"write -2 {DIGITS}"),
    "a stance with a zero in front": (
        "01", "integer", "«01» not a whole number", f"write 1 {DIGITS}"),
    "a stance of minus nought": ("-0", "integer", "«-0» not a whole number", f"write 0 {DIGITS}"),
    "a stance as a power of ten": ("1e0", "integer", "«1e0» not a whole number", PLAIN),
    "a stance after a space": (" 1", "integer", "« 1» not a whole number", f"write 1 {DIGITS}"),
    "a stance in fullwidth digits": (
        "\uff11", "integer", "«\uff11» not a whole number", f"write 1 {DIGITS}"),
    "a stance in Arabic digits": (
        "\u0662", "integer", "«\u0662» not a whole number", f"write 2 {DIGITS}"),
    "a stance a spreadsheet made a date of": (
        "01-Feb", "integer", "«01-Feb» not a whole number", PLAIN),
    "a stance of four hundred digits": (
        f"{'9' * 400}.0", "integer", f"«{'9' * 38} … {'9' * 36}.0» not a whole number",
        SCALE),
})  # fmt: skip
IDS = in_cell("bodies.csv", "nhsp,", "{},Another,trusts,\nnhsp,", "bodies.csv:4 [body_id]", 3, {
    "an id with a Cyrillic letter": (
        "nhs\u0440", "mixed-scripts",
        "«nhs\u0440» letters of CYRILLIC and LATIN that look alike, in one id",
        "type the id afresh, in one script"),
    "an id with a zero-width space": (
        "nhsp\u200b", "hidden-character", "«nhsp<U+200B>» U+200B: invisible in body_id",
        "type the value afresh"),
    "an id that turns the direction of reading": (
        "\u202epshn", "hidden-character", "«<U+202E>pshn» U+202E: invisible in body_id",
        "type the value afresh"),
    "an id with a variation selector": (
        "nhsp\ufe0f", "hidden-character", "«nhsp<U+FE0F>» U+FE0F: invisible in body_id",
        "type the value afresh"),
    "an id before a no-break space": (
        "nhsp\u00a0", "white-space", "«nhsp<U+00A0>» white space around the value",
        "write 'nhsp'"),
    "an id with a no-break space inside": (
        "nhs\u00a0p", "hidden-character", "«nhs<U+00A0>p» U+00A0: invisible in body_id",
        "type the value afresh"),
    "an id that leads out of a folder": (
        "../nhsp", "id-form", "«../nhsp» / cannot stand in an id", ADDRESS),
    "an id that begins with a point": (
        ".nhsp", "id-form", "«.nhsp» an id cannot begin with a point", ADDRESS),
    "an id of a hundred and one letters": (
        "n" * 101, "id-form", f"«{'n' * 38} … {'n' * 38}» an id of 101 characters; at most 100",
        ADDRESS),
    "an id with a lost character": (
        "nh\ufffdp", "replacement-character", "«nh\ufffdp» U+FFFD: a character was lost",
        "type the id afresh"),
    "an id of spaces": (
        "  ", "required", "«  » the cell shows nothing (white space)",
        "empty it, or write a value"),
})  # fmt: skip
PHRASES = in_cell(CODES, "halt the bill,5,18", "{}", "codings.csv:7 [quote]", 5, {
    "a NUL": (
        "halt\x00the bill,5,18", "nul", "«halt<U+0000>the bill» U+0000: a NUL character",
        "delete it; the file may be damaged"),
    "a byte-order mark inside": (
        "halt\ufeffthe bill,5,18", "byte-order-mark",
        "«halt<U+FEFF>the bill» U+FEFF: a byte-order mark inside the text", "delete it"),
    "an escape sequence": (
        "halt\x1bthe bill,5,18", "control-character",
        "«halt<U+001B>the bill» U+001B: a control character or no character", "delete it"),
    "Windows-1252 that was read as Latin-1": (
        "\x93halt\x94the bill,5,18", "control-character",
        "«<U+0093>halt<U+0094>the bill» U+0093, U+0094: Windows-1252 that was read as Latin-1?",
        "type the characters afresh: quotation marks, dashes"),
    "a phrase left empty": (",5,18", "required", "the cell is empty", "write the quote"),
    "a phrase with two spaces": (
        "halt  the bill,5,19", "quote-white-space",
        "«halt  the bill» white space in a phrase is folded to one plain space",
        "write 'halt the bill'"),
    "a phrase over two lines": (
        '"halt\nthe bill",5,18', "quote-white-space",
        "«halt<U+000A>the bill» white space in a phrase is folded to one plain space",
        "write 'halt the bill'"),
    "a phrase before a space": (
        "halt the bill ,5,19", "quote-white-space",
        "«halt the bill » white space in a phrase is folded to one plain space",
        "write 'halt the bill'"),
    "a phrase of 26 words": (
        f"{'no ' * 25}no,5,82", "quote-length",
        f"«{'no ' * 25}no» the phrase has 26 words, 77 characters; at most 25 and 500 may be "
        "quoted", "keep the words that carry the code"),
})  # fmt: skip
ENDS = in_cell(CODES, "halt the bill,5,18", "{}", "codings.csv:7 [end]", 5, {
    "offsets too short for the phrase": (
        "halt the bill,5,17", "offset", "«5-17» 12 characters cannot hold a phrase of 13", HERE),
    "offsets the wrong way round": (
        "halt the bill,18,5", "offset", "«18-5» -13 characters cannot hold a phrase of 13", HERE),
    "offsets too long for the phrase": (
        "halt the bill,5,67", "offset", "«5-67» 62 characters are too many for a phrase of 13",
        HERE),
    "offsets too long for a phrase of one word": (
        "scrapped,5,18", "offset", "«5-18» 13 characters are too many for a phrase of 8", HERE),
    "offsets past the end of the text": (
        "halt the bill,488,501", "offset", "«488-501» the phrase ends at 501, the text at 500",
        HERE),
    "a phrase with a start and no end": (
        "halt the bill,5,", "offset", "«5-» only one end of the phrase's place is given", HERE),
})  # fmt: skip
ON = "NHS Providers,{}"
DATES = in_cell(SRC, ON.format("2021-02-11"), ON, "sources.csv:4 [published]", 3, {
    "a date with slashes": ("11/02/2021", "date", "«11/02/2021» not a date in ISO form", ISO),
    "a date as a spreadsheet's number": (
        "44238", "date", "«44238» not a date in ISO form",
        f"{ISO} (the number looks like a spreadsheet's date)"),
    "a day that does not exist": (
        "2021-02-29", "date", "«2021-02-29» not a date in ISO form", ISO),
    "a month that does not exist": ("2021-13", "date", "«2021-13» not a date in ISO form", ISO),
    "a year with two digits the wrong way": (
        "0221-02-11", "date", "«0221-02-11» a year outside 1800-2199", "correct the year"),
    "a year of the far future": (
        "2921", "date", "«2921» a year outside 1800-2199", "correct the year"),
})  # fmt: skip
WEIGHTS = in_cell("propositions.csv", "over.,2,", "over.,{},", "propositions.csv:3 [weight]", 2, {
    "a weight below nought": ("-2", "range", "«-2» out of range", "write a number at least 0"),
    "a weight with a decimal comma": (
        '"2,5"', "number", "«2,5» not a number", "write 2.5 (a point, no comma)"),
    "a weight without bounds": ("inf", "number", "«inf» not a number", PLAIN),
    "a weight n/a": ("n/a", "number", "«n/a» not a number", "leave the cell empty"),
})  # fmt: skip

# name: (file, text that stands there once, text put in its place, what `check` prints)
CELLS = STANCES | IDS | PHRASES | ENDS | DATES | WEIGHTS | {
    "a stance below the scale": (
        CODES, "ann,-2,", "ann,-3,",
        "codings.csv:7 [stance]: error: range (record 5): «-3» out of range\n"
        "    fix: write a number from -2 to 2",
    ),
    # --- keys
    "a body that is not there": (
        CODES, "konp,body,", "knop,body,",
        "codings.csv:7 [body_id]: error: foreign-key (record 5): «knop» no such body_id in "
        "bodies.csv\n    fix: write 'konp', or add it to bodies.csv",
    ),
    "a coding without its source": (
        CODES, "konp,body,konp-letter,", "konp,body,white-paper,",
        "codings.csv:7 [source_id]: error: foreign-key (record 5): «white-paper» no such "
        "source_id in sources.csv\n    fix: add it to sources.csv",
    ),
    "a proposition that is not there": (
        CODES, "nhsp,body,", "nhsp,bodies,",
        "codings.csv:8 [proposition_id]: error: foreign-key (record 6): «bodies» no such "
        "proposition_id in propositions.csv\n    fix: write 'body', or add it to propositions.csv",
    ),
    "a source that follows one that is not there": (
        SRC, f"{C},konp-letter", f"{C},konp-leter",
        "sources.csv:5 [follows]: error: foreign-key (record 4): «konp-leter» no such source_id "
        "in sources.csv\n    fix: write 'konp-letter', or add it to sources.csv",
    ),
    "a coding there twice": (
        CODES, "konp,body,", FROM.replace(",1,", ",2,") + "\nkonp,body,",
        "codings.csv:7 [body_id]: error: duplicate (record 5): «lga / footing / lga-view / ann» "
        "the same body_id, proposition_id, source_id, coder, start as in line 2\n"
        "    fix: delete one of the two rows, or correct its key",
    ),
    "a body there twice": (
        "bodies.csv", "nhsp,", "nhsp,The Providers,trusts,\nnhsp,",
        "bodies.csv:5 [body_id]: error: duplicate (record 4): «nhsp» the same body_id as in "
        "line 4\n    fix: delete one of the two rows, or correct its key",
    ),
    "a coder spelt in two ways": (
        CODES, "nhsp,body,nhsp-brief,ann", "nhsp,body,nhsp-brief,Ann",
        "codings.csv:8 [coder]: error: confusable-id (record 6): «Ann» looks like 'ann' in line 2"
        f"\n    fix: {ALIKE}",
    ),
    "two bodies of ids that look alike": (
        "bodies.csv", "nhsp,", "L\u0047A,Another,trusts,\nnhsp,",
        "bodies.csv:4 [body_id]: error: confusable-id (record 3): «LGA» looks like 'lga' in "
        f"line 2\n    fix: {ALIKE}\n"
        "bodies.csv:4 [body_id]: note: unused (record 3): «LGA» nothing is coded for it\n"
        "    fix: leave it, or code it",
    ),
    "an id with a dash that is no hyphen": (
        SRC, "nhsp-brief,Brief", "konp\u2010letter,Another,,2021,shown,letter,bill,,opening,,,\n"
        "nhsp-brief,Brief",
        "sources.csv:4 [source_id]: error: confusable-id (record 3): «konp\u2010letter» looks like "
        f"'konp-letter' in line 3\n    fix: {ALIKE}\n"
        "sources.csv:4 [source_id]: note: unused (record 3): «konp\u2010letter» nothing is coded "
        "for it\n    fix: leave it, or code it",
    ),
    "an id a spreadsheet made a date of": (
        "engagement.csv", "Q1,", "1-Feb,",
        "engagement.csv:2 [question_id]: error: spreadsheet-value (record 1): «1-Feb» a "
        "spreadsheet made a date, number or error of this id\n"
        "    fix: type the id afresh, in a column formatted as text",
    ),
    # --- text
    "a name that shows nothing": (
        "bodies.csv", "nhsp,NHS Providers,", "nhsp,\u200b\u3164,",
        "bodies.csv:4 [name]: error: required (record 3): «<U+200B><U+3164>» the cell shows "
        "nothing (U+200B, U+3164)\n    fix: empty it, or write a value",
    ),
    "a name with a space in front": (
        "bodies.csv", "nhsp,NHS Providers,", "nhsp, NHS Providers,",
        "bodies.csv:4 [name]: error: white-space (record 3): « NHS Providers» white space around "
        "the value\n    fix: write 'NHS Providers'",
    ),
    "a kind that looks like the reserved one": (
        "bodies.csv", "campaign,", "Proposers,",
        "bodies.csv:3 [kind]: error: reserved-kind (record 2): «Proposers» looks like the reserved "
        "kind 'proposer'\n    fix: write 'proposer', or another word",
    ),
    "a code in capitals": (
        CODES, "-2,stated,", "-2,Stated,",
        "codings.csv:7 [basis]: error: enum (record 5): «Stated» not one of the codes\n"
        "    fix: write stated; the codes are: stated, implied, reported",
    ),
    "a code that is not on the list": (
        CODES, "-2,stated,", "-2,heard,",
        "codings.csv:7 [basis]: error: enum (record 5): «heard» not one of the codes\n"
        "    fix: the codes are: stated, implied, reported",
    ),
    "rows swallowed by a note": (
        CODES, "halt the bill,5,18,", 'halt the bill,5,18,"why\nnhsp,body,nhsp-brief,ben,2"',
        "codings.csv:7 [note]: error: swallowed-rows (record 5): «why<U+000A>nhsp,body,nhsp-brief,"
        "ben,2» the cell holds what looks like further rows (an unclosed quotation mark?)\n"
        f"    fix: {CLOSE}",
    ),
    # --- phrases
    "a phrase of one word of 501 characters": (
        CODES, "halt the bill,5,18", f"{'o' * 501},5,506",
        f"codings.csv:7 [end]: error: offset (record 5): «5-506» the phrase ends at 506, the text "
        f"at 500\n    fix: {HERE}\n"
        f"codings.csv:7 [quote]: error: quote-length (record 5): «{'o' * 38} … {'o' * 38}» the "
        "phrase has 1 words, 501 characters; at most 25 and 500 may be quoted\n"
        "    fix: keep the words that carry the code",
    ),
    "a phrase with an end and no start": (
        CODES, "halt the bill,5,18", "halt the bill,,18",
        "codings.csv:7 [start]: error: offset (record 5): «-18» only one end of the phrase's place "
        f"is given\n    fix: {HERE}",
    ),
    "a phrase without its place in a whole text": (
        CODES, "halt the bill,5,18", "halt the bill,,",
        "codings.csv:7 [start]: error: offset (record 5): a phrase from a text seen whole needs "
        "its place\n    fix: `positions verify --texts` says where the phrase stands",
    ),
    "an implied stance without a note": (
        CODES, "-2,stated,halt", "-2,implied,halt",
        "codings.csv:7 [note]: error: implied-without-note (record 5): «body» an implied stance "
        "needs a note\n    fix: say from what it follows",
    ),
    # --- coders
    "a disagreement that nobody decided": (
        "adjudications.csv", "lga,footing,lga-view,1,The support has a condition.\n", "",
        "codings.csv:2 [stance]: error: unadjudicated (record 1): «lga / footing / lga-view» the "
        "coders disagree: ann +1 (line 2), ben +2 (line 3)\n"
        "    fix: decide it in adjudications.csv, with a reason",
    ),
    "a coder without a row": (
        CODES, 'lga,voice,lga-view,ben,-1,stated,"questionable, in its form",40,65,\n', "",
        "codings.csv:4 [stance]: error: unadjudicated (record 3): «lga / voice / lga-view» the "
        "coders disagree: ann -1 (line 4); no row by ben\n"
        "    fix: decide it in adjudications.csv, with a reason",
    ),
    "a decision without a disagreement": (
        "adjudications.csv", "condition.\n", "condition.\nlga,voice,lga-view,,Struck.\n",
        "adjudications.csv:3 [body_id]: error: nothing-to-adjudicate (record 2): «lga / voice / "
        "lga-view» the coders do not disagree on this cell\n"
        "    fix: delete the row, or correct its key",
    ),
    "a decision without a reason": (
        "adjudications.csv", "The support has a condition.", "",
        "adjudications.csv:2 [reason]: error: required (record 1): the cell is empty\n"
        "    fix: write the reason",
    ),
    # --- sources
    "an interval that ends before it begins": (
        SRC, "2021-01-08/2021-02-10", "2021-02-10/2021-01-08",
        "sources.csv:2 [published]: error: date (record 1): «2021-02-10/2021-01-08» the interval "
        "ends before it begins\n    fix: swap its two ends",
    ),
    "a source that follows a later one": (
        SRC, "konp-copy,The letter again,,2021-04-02", "konp-copy,The letter again,,2021-02",
        "sources.csv:5 [follows]: error: follows-later (record 4): «konp-letter» published "
        "2021-02, before the source whose wording it repeats (2021-03)\n"
        "    fix: correct one of the two dates, or turn `follows` round",
    ),
    "sources that follow each other": (
        SRC, f"500,{B},", f"500,{B},konp-copy",
        "sources.csv:3 [follows]: error: follows-loop (record 2): «konp-copy» the sources follow "
        "each other in a circle: konp-letter -> konp-copy -> konp-letter\n"
        "    fix: leave `follows` empty for the one that came first\n"
        "sources.csv:5 [follows]: error: follows-loop (record 4): «konp-letter» the sources follow "
        "each other in a circle: konp-letter -> konp-copy -> konp-letter\n"
        "    fix: leave `follows` empty for the one that came first",
    ),
    "a source that follows itself": (
        SRC, f"500,{B},", f"500,{B},konp-letter",
        "sources.csv:3 [follows]: error: follows-loop (record 2): «konp-letter» the sources follow "
        "each other in a circle: konp-letter -> konp-letter\n"
        "    fix: leave `follows` empty for the one that came first",
    ),
    "a whole text without its hash": (
        SRC, f"900,{A},", "900,,",
        "sources.csv:2 [sha256]: error: whole-text (record 1): «lga-view» a text seen whole needs "
        "its sha256\n    fix: `positions verify --texts` says what to write; or say "
        "text_seen = opening",
    ),
    "a whole text without its length": (
        SRC, f"whole,900,{A},", f"whole,,{A},",
        "sources.csv:2 [characters]: error: whole-text (record 1): «lga-view» a text seen whole "
        "needs its characters\n    fix: `positions verify --texts` says what to write; or say "
        "text_seen = opening",
    ),
    "a hash that is none": (
        SRC, f"900,{A},", "900,abc,",
        "sources.csv:2 [sha256]: error: pattern (record 1): «abc» not of the form [0-9a-f]{64}\n"
        "    fix: SHA-256 of the stored text's bytes",
    ),
    "an address that is none": (
        SRC, "https://example.org/letter", "javascript:alert(1)",
        "sources.csv:3 [url]: error: pattern (record 2): «javascript:alert(1)» not of the form "
        "https?://\\S+\n    fix: Public address, where known",
    ),
    "a date inferred without saying why": (
        SRC, "inferred: after the vote", "inferred",
        "sources.csv:2 [published_basis]: error: pattern (record 1): «inferred» not of the form "
        "shown|inferred: .*\\S.*\n    fix: `shown` (the document carries the date) or "
        "`inferred: why`",
    ),
    # --- models, propositions, engagement
    "a model position off the scale": (
        "model_positions.csv", "combined,voice,1,", "combined,voice,5,",
        "model_positions.csv:4 [position]: error: range (record 3): «5» out of range\n"
        "    fix: write a number from -2 to 2",
    ),
    "a model position there twice": (
        "model_positions.csv", "combined,voice,1,reported,nhsp-brief,broadly supports the plan,\n",
        "combined,voice,1,reported,nhsp-brief,broadly supports the plan,\n"
        "combined,voice,2,inferred,,,By its terms.\n",
        "model_positions.csv:5 [model_id]: error: duplicate (record 4): «combined / voice» the "
        "same model_id, proposition_id as in line 4\n"
        "    fix: delete one of the two rows, or correct its key",
    ),
    "a reference model that is not there": (
        "models.csv", "combined,Option", "combined-model,Option",
        "model_positions.csv:2 [model_id]: error: foreign-key (record 1): «combined» no such "
        "model_id in models.csv\n    fix: write 'combined-model', or add it to models.csv\n"
        "model_positions.csv:3 [model_id]: error: foreign-key (record 2): «combined» no such "
        "model_id in models.csv\n    fix: write 'combined-model', or add it to models.csv\n"
        "model_positions.csv:4 [model_id]: error: foreign-key (record 3): «combined» no such "
        "model_id in models.csv\n    fix: write 'combined-model', or add it to models.csv",
    ),
    "a reference model without a position": (
        "model_positions.csv",
        "combined,footing,2,inferred,,,By its terms.\n"
        "combined,body,2,inferred,,,By its terms.\n"
        "combined,voice,1,reported,nhsp-brief,broadly supports the plan,\n", "",
        "models.csv:2 [model_id]: error: model-without-positions (record 1): «combined» the model "
        "takes no position, so nothing can agree with it\n"
        "    fix: add its rows to model_positions.csv",
    ),
    "percentages that do not add up": (
        "engagement.csv", "49.2,43,", "49.2,34,",
        "engagement.csv:2 [agree]: error: percentages (record 1): «91» the three percentages do "
        "not add up to 100\n    fix: compare them with the source",
    ),
    "a percentage with its sign": (
        "engagement.csv", "49.2,43,", "49.2%,43,",
        "engagement.csv:2 [agree]: error: number (record 1): «49.2%» not a number\n"
        "    fix: write 49.2",
    ),
    "a percentage over 100": (
        "engagement.csv", "49.2,43,", "149.2,43,",
        "engagement.csv:2 [agree]: error: range (record 1): «149.2» out of range\n"
        "    fix: write a number from 0 to 100",
    ),
    # --- rows
    "a comma without quotation marks": (
        "bodies.csv", '"Councils, in England"', "Councils, in England",
        "bodies.csv:2: error: field-count (record 1): «lga,Local Government Association,local "
        "government,Councils, in England» the row has 5 fields, the header has 4\n"
        '    fix: a field with a comma needs quotation marks: "a, b"',
    ),
    "a lost separator": (
        CODES, "halt the bill,5,18,", "halt the bill,518,",
        "codings.csv:7: error: field-count (record 5): «konp,body,konp-letter,ann,-2,stated,halt "
        "the bill,518,» the row has 9 fields, the header has 10\n"
        '    fix: a field with a comma needs quotation marks: "a, b"',
    ),
    "a blank line": (
        CODES, "konp,body,", "\nkonp,body,",
        "codings.csv:7: error: blank-row (record 5): the row is blank\n    fix: delete it",
    ),
    "a row of commas": (
        CODES, "konp,body,", ",,,,,,,,,\nkonp,body,",
        "codings.csv:7: error: blank-row (record 5): «,,,,,,,,,» the row is blank\n"
        "    fix: delete it",
    ),
    "a second header": (
        "bodies.csv", "konp,", "Body_ID,name,about ,kind\nkonp,",
        "bodies.csv:3: error: double-header (record 2): «Body_ID,name,about ,kind» the header "
        "stands here again\n    fix: delete the row",
    ),
    "a row of totals": (
        "engagement.csv", "7.8,nhsp-brief\n", "7.8,nhsp-brief\nTotal (n=1),,,49.2,43,7.8,\n",
        "engagement.csv:3 [question_id]: error: totals-row (record 2): «Total (n=1)» a row of "
        "totals\n    fix: delete it; totals are computed",
    ),
    "a quotation mark that is not closed": (
        CODES, "halt the bill,5,18,", '"halt the bill,5,18,',
        "codings.csv:7: error: quoting (record 5): the record that starts here cannot be split: "
        "unexpected end of data\n"
        '    fix: put fields with commas or quotation marks in "...", doubling marks inside',
    ),
    "a quotation mark closed too early": (
        CODES, "halt the bill,5,18,", '"halt" the bill,5,18,',
        "codings.csv:7: error: quoting (record 5): the record that starts here cannot be split: "
        "',' expected after '\"'\n"
        '    fix: put fields with commas or quotation marks in "...", doubling marks inside',
    ),
    "a quotation mark after a space": (
        CODES, "halt the bill,5,18,", 'halt the "bill",5,18,',
        "codings.csv:7: error: stray-quote (record 5): «konp,body,konp-letter,ann,-2,stated,halt "
        'the "bill",5,18,<U+000A>» a quotation mark in a field that does not begin with one\n'
        '    fix: put the whole field in "...", doubling the marks inside',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_fault_in_the_text_is_refused_at_its_place_with_its_fix(name, tmp_path):
    file, old, new, expected = CELLS[name]
    assert said(write(tmp_path / "study", spoilt(file, old, new))) == expected


def header(file: str, old: str, new: str) -> dict[str, str]:
    """The small study's file with its header line changed."""
    first, rest = TABLES[file].split("\n", 1)
    assert old in first
    return {file: first.replace(old, new, 1) + "\n" + rest}


def each_line(file: str, change) -> dict[str, str]:
    return {file: "".join(change(line) + "\n" for line in TABLES[file].splitlines())}


BODIES = TABLES["bodies.csv"]
MODELS = "model_positions.csv"
COLUMNS = "delete the column; the columns are: body_id, name, kind, about"
AS_UTF8 = "save it as UTF-8"

FILES = {
    name: (
        {"models.csv": TABLES["models.csv"].replace(",", mark)},
        f"models.csv:1: error: delimiter: the columns are separated by {name}\n"
        "    fix: save the file with commas between the columns",
    )
    for name, mark in (("semicolons", ";"), ("tabs", "\t"), ("bars", "|"))
} | {
    name: (
        {"bodies.csv": raw}, f"bodies.csv:1: error: encoding: the file is {what}\n    fix: {fix}",
    )
    for name, raw, what, fix in (
        ("UTF-16", BODIES.encode("utf-16"), "UTF-16", AS_UTF8),
        ("UTF-16, big end first", b"\xfe\xff" + BODIES.encode("utf-16-be"), "UTF-16", AS_UTF8),
        ("UTF-16 without a mark", BODIES.encode("utf-16-le"), "UTF-16, or no text", AS_UTF8),
        ("a spreadsheet called CSV", b"PK\x03\x04 and so on",
         "a spreadsheet or an archive, not CSV", "export it as CSV UTF-8"),
        ("an old spreadsheet called CSV", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
         "an old spreadsheet, not CSV", "export it as CSV UTF-8"),
        ("a compressed file called CSV", b"\x1f\x8b\x08\x00", "compressed", "unpack it"),
    )
} | {
    "a line that names the delimiter": (
        {"models.csv": "sep=,\n" + TABLES["models.csv"]},
        "models.csv:1: error: preamble: «sep=,» line 1 names the delimiter\n"
        "    fix: delete line 1",
    ),
    "Windows-1252": (
        {"bodies.csv": BODIES.replace("NHS Providers", "\u201cNHS\u201d").encode("cp1252")},
        "bodies.csv:4 [name]: error: encoding (record 3): «<0x93>NHS<0x94>» 0x93, 0x94: not UTF-8 "
        "(Windows-1252 or Latin-1?)\n    fix: save the file as UTF-8",
    ),
    "lines that end with a carriage return": (
        {"bodies.csv": BODIES.replace("\n", "\r")},
        "bodies.csv:1: error: lone-cr: «<U+000D>» a carriage return without a line feed, 4 in "
        "all\n    fix: end lines with LF or CRLF",
    ),
    "one lone carriage return": (
        {"bodies.csv": BODIES.replace("Trusts\n", "Tru\rsts\n")},
        "bodies.csv:4: error: lone-cr: «<U+000D>» a carriage return without a line feed, 1 in "
        "all\n    fix: end lines with LF or CRLF",
    ),
    "two byte-order marks": (
        {"assumptions.csv": "\ufeff\ufeff" + TABLES["assumptions.csv"]},
        "assumptions.csv:1 [assumption_id]: error: header: the column is missing\n"
        "    fix: add the column; the columns are: assumption_id, assumption, effect, quality, "
        "impact\n"
        "assumptions.csv:1 [<U+FEFF>assumption_id]: error: header: «<U+FEFF>assumption_id» no "
        "column of this table\n    fix: write 'assumption_id'",
    ),
    "an empty file": (
        {"bodies.csv": ""},
        "bodies.csv:1: error: empty-file: the file is empty\n    fix: write at least the header",
    ),
    "a title above the header": (
        {"models.csv": "Reference models\n\n" + TABLES["models.csv"]},
        "models.csv:1: error: preamble: «Reference models» the header stands in line 3, not in "
        "line 1\n    fix: delete what stands above line 3",
    ),
    "no header": (
        {"models.csv": TABLES["models.csv"].split("\n", 1)[1].replace("ry,,", "ry,2021,None.")},
        "models.csv:1: error: no-header: «combined,Option 1 plus 2,2021-02-11,Two bodies in each "
        "system.» line 1 names none of the columns\n"
        "    fix: add the header: model_id,label,proposed,about",
    ),
    "a column misspelt": (
        header("assumptions.csv", "quality", "Quality "),
        "assumptions.csv:1 [Quality ]: error: header: «Quality » no column of this table\n"
        "    fix: write 'quality'\n"
        "assumptions.csv:1 [quality]: error: header: the column is missing\n"
        "    fix: add the column; the columns are: assumption_id, assumption, effect, quality, "
        "impact",
    ),
    "a column there twice": (
        each_line("bodies.csv", lambda line: line + (",kind" if "body_id" in line else ",x")),
        "bodies.csv:1 [kind]: error: header: «kind» the column stands there 2 times\n"
        "    fix: keep one of them",
    ),
    "a column more": (
        each_line("bodies.csv", lambda line: line + (",colour" if "body_id" in line else ",red")),
        "bodies.csv:1 [colour]: error: header: «colour» no column of this table\n"
        f"    fix: {COLUMNS}",
    ),
    "a comma at the end of every line": (
        each_line("bodies.csv", lambda line: line + ","),
        f"bodies.csv:1: error: header: no column of this table\n    fix: {COLUMNS}",
    ),
    "a comma at the end of every row": (
        each_line("models.csv", lambda line: line + ("" if "model_id" in line else ",")),
        "models.csv:2: error: field-count (record 1): «combined,Option 1 plus 2,2021-02-11,Two "
        "bodies in each system.,» the row has 5 fields, the header has 4\n"
        '    fix: a field with a comma needs quotation marks: "a, b"\n'
        "models.csv:3: error: field-count (record 2): «voluntary,Voluntary,,,» the row has 5 "
        "fields, the header has 4\n"
        '    fix: a field with a comma needs quotation marks: "a, b"',
    ),
    "every weight nought": (
        {"propositions.csv": TABLES["propositions.csv"].replace(".,,", ".,0,")
         .replace("over.,2,", "over.,0,").replace("0.5", "0.0")},
        "propositions.csv [weight]: error: no-weight: «0» every proposition has weight 0\n"
        "    fix: give one of them a weight",
    ),
    "a needed table left out": (
        {"codings.csv": None},
        "codings.csv: error: file-missing: the file is missing (FOLDER/codings.csv)\n"
        "    fix: put it there, or name a study folder with it",
    ),
    "the data package left out": (
        {"datapackage.json": None},
        "datapackage.json: error: file-missing: the file is missing (FOLDER/datapackage.json)\n"
        "    fix: put it there, or name a study folder with it",
    ),
    "an optional table under another name": (
        {"engagement.csv": None, "Engagements.csv": TABLES["engagement.csv"]},
        "Engagements.csv: error: unread-file: no table of the study is read from this file\n"
        "    fix: name it 'engagement.csv'\n"
        "engagement.csv: warning: table-missing: datapackage.json lists it; it is read as empty\n"
        "    fix: add the file, or take it off the list",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_fault_of_a_whole_file_is_refused_at_its_place_with_its_fix(name, tmp_path):
    changed, expected = FILES[name]
    folder = write(tmp_path / "study", changed)
    assert said(folder) == expected.replace("FOLDER/", str(folder / " ")[:-1])


DOUBTS = {
    "a reversed proposition": (
        "propositions.csv", "should be put", "should not be put",
        "propositions.csv:2 [statement]: warning: reversed (record 1): «should not» footing: it is "
        "put in the negative; support is easily coded as opposition\n    fix: turn it round",
    ),
    "a double-barrelled proposition": (
        "propositions.csv", "take over.", "take over and will be led by a chair.",
        "propositions.csv:3 [statement]: warning: double-barrelled (record 2): «and will» body: it "
        "says two things; a body may hold one of them\n    fix: split it in two",
    ),
    "a constant proposition": (
        CODES, "nhsp-brief,ann,2,", "nhsp-brief,ann,-2,",
        "propositions.csv:3 [proposition_id]: note: constant (record 2): «body» every code on it "
        "is -2\n    fix: it does not discriminate between bodies",
    ),
    "a proposition that nobody addresses": (
        "propositions.csv", "body,legal", "purse,money,One purse,One purse.,,\nbody,legal",
        "propositions.csv:3 [proposition_id]: note: never-addressed (record 2): «purse» nobody "
        "addresses it\n    fix: leave it out, or look again",
    ),
    "percentages that were rounded": (
        "engagement.csv", "7.8", "7.9",
        "engagement.csv:2 [agree]: note: rounding (record 1): «100.1» Q1 adds up to 100.1\n"
        "    fix: rounding in the original; leave it",
    ),
    "two bodies of one name": (
        "bodies.csv", "konp,Keep Our NHS Public", "konp,Local Government Association",
        "bodies.csv:3 [name]: warning: same-name (record 2): «Local Government Association» the "
        "same name as in line 2\n    fix: make the names differ, or the bodies one",
    ),
    "a theme spelt in two ways": (
        "propositions.csv", "body,legal form", "body,Legal form",
        "propositions.csv:3 [theme]: warning: confusable-name (record 2): «Legal form» looks like "
        f"'legal form' in line 2\n    fix: {ALIKE}",
    ),
    "a name that was converted wrongly": (
        "bodies.csv", "nhsp,NHS Providers", "nhsp,NHS Provider\u00e2\u20ac\u2122s",
        "bodies.csv:4 [name]: warning: mojibake (record 3): «NHS Provider\u00e2\u20ac\u2122s» "
        "looks like UTF-8 that was read as Windows-1252\n"
        "    fix: copy the text again from its source",
    ),
    "a name with a lost character": (
        "bodies.csv", "nhsp,NHS Providers", "nhsp,NHS Provider\ufffds",
        "bodies.csv:4 [name]: warning: replacement-character (record 3): «NHS Provider\ufffds» "
        "U+FFFD: a character that was lost when the text was converted\n"
        "    fix: copy the text again from its source",
    ),
    "a note that turns the direction of reading": (
        CODES, "halt the bill,5,18,", "halt the bill,5,18,why\u202e",
        "codings.csv:7 [note]: warning: bidirectional (record 5): «why<U+202E>» U+202E: characters "
        "that change the direction of reading\n"
        "    fix: delete them, unless the text is written from right to left",
    ),
    "a note with a zero-width space": (
        CODES, "halt the bill,5,18,", "halt the bill,5,18,wh\u200by",
        "codings.csv:7 [note]: warning: hidden-character (record 5): «wh<U+200B>y» U+200B: "
        "characters that show nothing, or differently in every font\n"
        "    fix: delete them, unless the source has them",
    ),
    "the same text as two sources": (
        SRC, f"{B},\n", f"{A},\n",
        "sources.csv:3 [sha256]: warning: same-text (record 2): «konp-letter» the same text as "
        "'lga-view' in line 2\n    fix: keep one of them, or say which it `follows`",
    ),
    "a model without a position": (
        MODELS, "voluntary,footing,-2,inferred,,,By its terms.\n", "",
        "models.csv:3 [model_id]: warning: model-without-positions (record 2): «voluntary» the "
        "model takes no position, so nothing can agree with it\n"
        "    fix: add its rows to model_positions.csv",
    ),
    "a body that says nothing": (
        "bodies.csv", "nhsp,", "bma,British Medical Association,union,\nnhsp,",
        "bodies.csv:4 [body_id]: note: unused (record 3): «bma» nothing is coded for it\n"
        "    fix: leave it, or code it",
    ),
    "a source that nothing is coded in": (
        SRC, "konp-copy,", "act,The Act,,2022,shown,statement,act,,opening,,,\nkonp-copy,",
        "sources.csv:5 [source_id]: note: unused (record 4): «act» nothing is coded for it\n"
        "    fix: leave it, or code it",
    ),
    "a last line without its end": (
        "models.csv", "voluntary,Voluntary,,\n", "voluntary,Voluntary,,",
        "models.csv:3: note: no-line-end: the last line has no line end (was the file cut short?)\n"
        "    fix: end it with a line feed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTS)
def test_what_is_only_doubtful_loads_and_is_said(name, tmp_path):
    file, old, new, expected = DOUBTS[name]
    assert said(write(tmp_path / "study", spoilt(file, old, new))) == expected


def test_a_file_of_another_purpose_in_the_folder_is_named(tmp_path):
    folder = write(tmp_path / "study", {"old codings (2).csv": "x\n"})
    assert said(folder) == (
        "old codings (2).csv: warning: unread-file: no table of the study is read from this file\n"
        "    fix: take it out of the folder"
    )


def test_tables_without_rows_load_and_are_said(tmp_path):
    empty = {file: text.split("\n", 1)[0] + "\n" for file, text in TABLES.items()}
    empty |= {name: TABLES[name] for name in ("models.csv", MODELS, "propositions.csv")}
    printed = said(write(tmp_path / "study", empty))
    for table in ("bodies", "codings", "sources"):
        assert f"{table}.csv: warning: no-rows: the table holds no row\n    fix: add its rows" in (
            printed
        )
    assert "models.csv: warning: no-rows" not in printed


def test_a_row_that_does_not_fit_is_not_reported_as_a_missing_body_too(tmp_path):
    folder = write(tmp_path / "study", spoilt("bodies.csv", "konp,Keep Our", "konp,Keep,Our"))
    assert "foreign-key" not in said(folder)


def test_a_row_of_a_faulty_cell_still_names_its_id(tmp_path):
    folder = write(tmp_path / "study", spoilt("bodies.csv", "konp,Keep Our NHS Public", "konp,"))
    assert "foreign-key" not in said(folder)


def test_faults_of_every_table_are_found_in_one_run_worst_first_and_sorted(tmp_path):
    changed = {
        **spoilt("bodies.csv", "campaign", ""),
        **spoilt(CODES, "ann,-2,", "ann,9,"),
        **spoilt("propositions.csv", "should be put", "should never be put"),
        **spoilt("assumptions.csv", "medium", "middling"),
        **spoilt("engagement.csv", "7.8", "7.9"),
    }
    heads = [line.split(" (")[0] for line in said(write(tmp_path / "s", changed)).split("\n")[::2]]
    assert heads == [
        "assumptions.csv:2 [quality]: error: enum",
        "bodies.csv:3 [kind]: error: required",
        "codings.csv:7 [stance]: error: range",
        "propositions.csv:2 [statement]: warning: reversed",
        "engagement.csv:2 [agree]: note: rounding",
    ]


def test_a_link_is_not_followed(tmp_path):
    folder = write(tmp_path / "study", {"bodies.csv": None})
    (tmp_path / "elsewhere.csv").write_text(BODIES)
    (folder / "bodies.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert said(folder) == (
        "bodies.csv: error: link: the file is a symbolic link\n    fix: put the file itself there"
    )


def test_a_pipe_is_not_waited_for(tmp_path):
    folder = write(tmp_path / "study", {"bodies.csv": None})
    os.mkfifo(folder / "bodies.csv")
    assert said(folder) == (
        "bodies.csv: error: file-unreadable: not a regular file\n    fix: put a file there"
    )


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    folder = write(tmp_path / "study", {"datapackage.json": None})
    (folder / "datapackage.json").mkdir()
    assert said(folder) == (
        "datapackage.json: error: file-unreadable: not a regular file\n    fix: put a file there"
    )


def test_a_folder_that_is_not_there_is_said(tmp_path):
    assert said(tmp_path / "nowhere") == (
        "datapackage.json: error: file-missing: the folder does not exist "
        f"({tmp_path / 'nowhere'})\n    fix: name a study folder with it"
    )


def test_a_workbook_that_is_not_there_is_named(tmp_path):
    assert said(tmp_path / "mills.xlsx").startswith(
        f"mills.xlsx: error: file-missing: the file is missing ({tmp_path / 'mills.xlsx'})\n"
    )


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    for name in ("study", "study.ods", "study.xls"):
        (tmp_path / name).write_text("x")
        assert said(tmp_path / name) == (
            f"{name}: error: workbook-damaged: not an .xlsx file: File is not a zip file\n"
            "    fix: name a study's folder, or save the spreadsheet as .xlsx"
        )


def test_a_data_package_of_deep_nesting_is_refused(tmp_path):
    deep = '{"resources": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert said(write(tmp_path / "study", {"datapackage.json": deep})) == (
        "datapackage.json: error: contract: not JSON of a data package: it is nested too deeply\n"
        "    fix: start from the file `positions` ships"
    )


def test_a_study_may_name_its_files_otherwise_and_problems_say_so(tmp_path):
    own = package()
    own["resources"][5]["path"] = "codes.csv"
    changed = {
        "datapackage.json": json.dumps(own),
        "codings.csv": None,
        "codes.csv": spoilt(CODES, "halt the bill", "halt  it")[CODES],
    }
    printed = said(write(tmp_path / "study", changed))
    assert printed.startswith("codes.csv:7 [quote]: error: quote-white-space (record 5): ")
