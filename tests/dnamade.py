"""A made-up file of Discourse Network Analyzer, of version 2 or 3, to be read in tests.

The tables and columns are those that the program makes; the words are ours.
"""

import contextlib
import sqlite3

COMMON = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE CODERS(ID INTEGER PRIMARY KEY, Name TEXT, Red INTEGER, Password TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT,
    Source TEXT, Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT, Red INTEGER);
CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT,
    StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER,
    Start INTEGER, Stop INTEGER, Coder INTEGER);
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Value INTEGER);
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Value INTEGER);
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Value TEXT);
INSERT INTO CODERS VALUES (1, 'Admin', 0, ''), (2, 'Ann', 0, ''), (3, 'Ben', 0, '');
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement', 0), (2, 'Annotation', 0);
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
    (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1), (5, 'note', 'long text', 2);
"""
THREE = """
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, ChildOf INTEGER);
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    Entity INTEGER);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY, VariableId INTEGER,
    AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY, EntityId INTEGER,
    AttributeVariableId INTEGER, AttributeValue TEXT);
INSERT INTO SETTINGS VALUES ('version', '3.0.7');
INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 2, 'Type'), (2, 2, 'Alias'), (3, 3, 'Type');
"""
TWO = """
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY, StatementId INTEGER, VariableId INTEGER,
    StatementTypeId INTEGER, Value TEXT);
CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT, Type TEXT,
    Alias TEXT, Notes TEXT, ChildOf TEXT);
INSERT INTO SETTINGS VALUES ('version', '2.0 beta 25');
"""
TEXT = "\U0001f600 Guild: we back the bridge. The mill must go.\nNo toll!"
LONG = " ".join(f"w{n}" for n in range(40))
DOCUMENTS = [
    (1, "Letter", TEXT, 2, "A. Writer", "The Guild", "", "", "letter", 1614556800),
    (2, "Speech", LONG, 2, "", "", "", "", "", 1614643200),
    (3, "Unread", "Nothing.", 2, "", "", "", "", "", 1614643200),
]
VARIABLES = {"person": 1, "organization": 2, "concept": 3}
ATTRIBUTES = [("organization", "The Guild", "traders", "TG"), ("concept", "Bridge", "works", "")]


def units(text, phrase):
    """Where a phrase stands in a text, in UTF-16 units, as the program counts."""
    at = text.index(phrase)
    start = len(text[:at].encode("utf-16-le")) // 2
    return start, start + len(phrase.encode("utf-16-le")) // 2


def said(phrase, concept, agree, document=1, coder=2, organization="The Guild", person=""):
    """One statement, for `write`."""
    text = next(d[2] for d in DOCUMENTS if d[0] == document)
    return (document, *units(text, phrase), coder), {
        "person": person, "organization": organization, "concept": concept,
    }, agree  # fmt: skip


STATEMENTS = [
    said("we back the bridge", "Bridge", 1, person="Jo"),
    said("The mill must go.", "Mill", 0),
    said("No toll!", "Toll", 0, coder=3),
    said(LONG, "Mill", 1, document=2),
]


def write(path, version=3, statements=STATEMENTS, documents=DOCUMENTS, more=""):
    """Write the file; `more` is further SQL."""
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.executescript(COMMON + (THREE if version == 3 else TWO))
        for row in documents:
            date = row[9] if version == 3 else row[9] * 1000
            file.execute("INSERT INTO DOCUMENTS VALUES (?,?,?,?,?,?,?,?,?,?)", (*row[:9], date))
        entities = {}
        for number, (place, texts, agree) in enumerate(statements, 1):
            file.execute("INSERT INTO STATEMENTS VALUES (?, 1, ?, ?, ?, ?)", (number, *place))
            file.execute("INSERT INTO DATABOOLEAN VALUES (NULL, ?, 4, ?)", (number, agree))
            for variable, value in texts.items():
                _short_text(file, version, entities, number, (variable, value))
        for variable, value, kind, alias in ATTRIBUTES:
            if version == 2:
                row = (VARIABLES[variable], value, kind, alias)
                file.execute("INSERT INTO ATTRIBUTES VALUES (NULL, ?, ?, ?, ?, '', '')", row)
            elif (variable, value) in entities:
                number, kinds = entities[variable, value], 1 if variable == "organization" else 3
                file.execute("INSERT INTO ATTRIBUTEVALUES VALUES (NULL, ?, ?, ?)",
                             (number, kinds, kind))  # fmt: skip
                if alias:
                    file.execute("INSERT INTO ATTRIBUTEVALUES VALUES (NULL, ?, 2, ?)",
                                 (number, alias))  # fmt: skip
        file.executescript(more)
        file.commit()
    return path


def _short_text(file, version, entities, statement, value):
    variable = VARIABLES[value[0]]
    if version == 2:
        row = (statement, variable, value[1])
        file.execute("INSERT INTO DATASHORTTEXT VALUES (NULL, ?, ?, 1, ?)", row)
        return
    if value not in entities:
        entities[value] = len(entities) + 1
        file.execute("INSERT INTO ENTITIES VALUES (?, ?, ?, NULL)",
                     (entities[value], variable, value[1]))  # fmt: skip
    file.execute("INSERT INTO DATASHORTTEXT VALUES (NULL, ?, ?, ?)",
                 (statement, variable, entities[value]))  # fmt: skip
