"""Made-up projects in REFI-QDA, as programs other than ours write them, to be read in tests."""

import io
import zipfile

from positions.exchange.refi_qda.reader import PROJECT

NUMBERS = {name: f"00000000-0000-4000-8000-{at:012d}" for at, name in enumerate(
    ("ann", "merge", "for", "against", "guild", "letter", "s1", "s2", "s3", "c"))}  # fmt: skip


def project(sources, codes="", users=True, entries=None, name="project.qde", besides=""):
    """A project as other programs write them: their own codes, GUIDs in capitals and braces."""
    n = {key: "{" + value.upper() + "}" for key, value in NUMBERS.items()}
    codes = (
        codes
        or f"""
        <Code guid="{n["merge"]}" name="Merger" isCodable="true"/>
        <Code guid="{n["for"]}" name="For" isCodable="true"/>
        <Code guid="{n["against"]}" name="Against" isCodable="true"/>
        <Code guid="{n["guild"]}" name="The Guild" isCodable="true"/>"""
    )
    who = f'<Users><User guid="{n["ann"]}" name="Ann"/></Users>' if users else ""
    xml = f"""<?xml version="1.0" encoding="utf-8"?>
        <Project xmlns="{PROJECT}" name="x" origin="another">{who}
        <CodeBook><Codes>{codes}</Codes></CodeBook>{besides}<Sources>{sources}</Sources></Project>"""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, xml)
        for path, content in (entries or {}).items():
            archive.writestr(path, content)
    return held.getvalue()


def selection(number, start, end, *codes, name="", note=""):
    applied = "".join(
        f'<Coding guid="{NUMBERS["c"]}" creatingUser="{NUMBERS["ann"]}">'
        f'<CodeRef targetGUID="{NUMBERS[code]}"/></Coding>'
        for code in codes
    )
    described = f"<Description>{note}</Description>" if note else ""
    return (
        f'<PlainTextSelection guid="{NUMBERS[number]}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}">{described}{applied}</PlainTextSelection>'
    )


def source(text, *selections):
    return (
        f'<TextSource guid="{NUMBERS["letter"]}" name="Letter"><PlainTextContent>{text}'
        f"</PlainTextContent>{''.join(selections)}</TextSource>"
    )
