"""The workbench in a real JupyterLab and a real browser: by keyboard alone, blind, nothing lost.

Without POSITIONS_BROWSER, the path of chromium, none of this is checked, and pytest says so.
"""

import os
import re
import signal

import browser as chromium
import documents_made
import in_lab as lab
import pytest
from folders import rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "POSITIONS_BROWSER" not in os.environ,
        reason="POSITIONS_BROWSER names no browser: the workbench was NOT checked in one",
    ),
]
THEMES = ["JupyterLab Light", "JupyterLab Dark"]
WIDE, NARROW = 1280, 800


@pytest.fixture(scope="module")
def browser():
    with chromium.playwright() as started:
        yield started


@pytest.fixture(params=THEMES[:1])
def bench(request, tmp_path, browser):
    """A page, the address of a JupyterLab, its folder, and the messages that came to the page."""
    study, texts = lab.write(tmp_path)
    frames = []
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    page = context.new_page()
    listen = lambda frame: frames.append(frame)  # noqa: E731 a built-in cannot listen
    page.on("websocket", lambda socket: socket.on("framereceived", listen))
    with lab.running(tmp_path, request.param) as address:
        yield page, address, tmp_path, frames, lambda who: lab.notebook(study, texts, who)
    context.close()


def own(folder, who, table):
    return rows(folder / "study-readings" / who / f"{table}.csv")


def secrets(told):
    """The secrets of readings in some text, by body and point."""
    if isinstance(told, bytes):
        told = told.decode("utf-8", "replace")
    return set(re.findall(rf"{lab.SECRET} of (\w\d)", told))


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def told(desk, words):
    """Wait until the workbench says some words."""
    desk.get_by_text(words).first.wait_for(timeout=20_000)


def test_twenty_cells_are_checked_by_keyboard_and_nothing_is_seen_before_a_lock(bench):
    page, address, folder, frames, notebook = bench
    path = notebook("cleo")
    desk = lab.opened(page, address, path, folder)
    desk.locator(".text").focus()
    locked = set()
    for n in range(20):
        told(desk, f"Cell {n + 1} of 20; {n} of 20 locked.")
        here = desk.locator("select").first.evaluate("one => JSON.parse(one.value)")
        seen = set().union(*map(secrets, frames)) | secrets(page.content())
        assert seen <= locked, here
        assert desk.locator(".stance input:checked").count() == 0  # nothing of the cell before
        press(page, "0" if here[:2] in (["d", "p5"], ["e", "p5"]) else "4", "Enter")
        told(desk, f"{n + 1} of 20 locked.")
        locked.add(here[0] + str(int(here[1][1]) - 1))
        shown = desk.locator(".readings").inner_text()
        assert secrets(shown) == {here[0] + str(int(here[1][1]) - 1)} or "p5" in here
        press(page, "n")
    assert len(set().union(*map(secrets, frames))) == 18  # what was looked for would be found
    checks = own(folder, "cleo", "checks")
    assert len(checks) == 20
    assert {row["seen_blind"] for row in checks} == {"yes"}
    assert sorted(row["stance"] for row in checks) == ["", ""] + ["1"] * 18

    # The notebook, saved with every cell checked and its readings on the screen, holds none.
    save(page, path)
    saved = path.read_text("utf-8")
    assert "The workbench: open this notebook in JupyterLab" in saved
    assert not secrets(saved) and "robo" not in saved and "bridge" not in saved


def test_twenty_cells_are_coded_by_keyboard_at_exact_places_and_a_killed_kernel_loses_none(bench):
    page, address, folder, frames, notebook = bench
    path = notebook("ben")
    desk = lab.opened(page, address, path, folder)
    desk.get_by_role("button", name="Code (").focus()
    press(page, "Enter")
    told(desk, "0 of 5 texts finished")
    desk.locator(".text").focus()
    for body in "abcd":
        for point in range(5):
            press(page, "f")
            page.keyboard.insert_text(lab.phrase(body, point))
            press(page, "Enter")
            told(desk, "5 of 25 words")
            press(page, "Escape", "p")
            page.keyboard.insert_text(lab.WHAT[point])
            press(page, "Enter", str(1 + point), "s", "Enter")
            told(desk, f"{point + 1} in this text.")
            if (body, point) == ("b", 2):
                kill(folder)
                press(page, "5", "Enter")
                told(desk, "No answer from Python")
                page.get_by_role("button", name="Ok").click()  # JupyterLab says that it died
                lab.run_all(page)
                desk.locator(".text").focus()
                desk.get_by_role("button", name="Code (").focus()
                press(page, "Enter", "t", ".")
                told(desk, "8 phrases coded, 3 in this text.")
        press(page, ".")
        if body != "d":
            told(desk, "0 in this text.")
    found = own(folder, "ben", "codings")
    assert len(found) == 20
    for row in found:
        text = lab.text(row["body_id"])
        point = int(row["proposition_id"][1]) - 1
        start = text.index(lab.phrase(row["body_id"], point))
        assert (int(row["start"]), row["quote"]) == (start, lab.phrase(row["body_id"], point))
        assert text[start : int(row["end"])] == row["quote"]
        assert int(row["stance"]) == point - 2
    assert not set().union(*map(secrets, frames)) | secrets(page.content())


def test_two_tabs_show_one_desk_and_a_closed_tab_loses_nothing(bench):
    page, address, folder, _, notebook = bench
    path = notebook("cleo")
    desk = lab.opened(page, address, path, folder)
    save(page, path)
    other = page.context.new_page()
    beside = lab.opened(other, address, path, folder, run=False)
    told(beside, "Cell 1 of 20; 0 of 20 locked.")
    desk.locator(".text").focus()
    press(page, "5", "Enter")
    told(beside, "Your verdict is locked: +2.")
    page.close()
    beside.locator(".text").focus()
    press(other, "n")
    told(beside, "Cell 2 of 20; 1 of 20 locked.")
    press(other, "1", "Enter")
    told(beside, "Cell 2 of 20; 2 of 20 locked.")
    assert [row["stance"] for row in own(folder, "cleo", "checks")] == ["2", "-2"]


def save(page, path):
    """Save the notebook, as a person does."""
    before = path.stat().st_mtime_ns
    page.locator(".jp-NotebookPanel-toolbar").click()
    press(page, "Control+s")
    for _ in range(100):
        page.wait_for_timeout(100)
        if path.stat().st_mtime_ns != before:
            break


def kill(folder):
    """Kill every kernel of this JupyterLab outright."""
    found = lab.processes(folder)
    assert found
    for one in found:
        os.kill(one, signal.SIGKILL)


def test_words_and_signs_are_selected_by_arrows_and_by_mouse(bench):
    page, address, folder, _, notebook = bench
    desk = lab.opened(page, address, notebook("ben"), folder)
    desk.locator(".text").focus()
    phrase = desk.locator(".phrase")
    press(page, "Home", "Shift+ArrowRight", "Shift+ArrowRight")
    told(phrase, "2 of 25 words")
    assert phrase.locator("q").inner_text() == "To the"
    press(page, "Home", "Shift+ArrowDown")  # to the next line that has words
    told(phrase, "6 of 25 words")
    # The second paragraph: an emoji of three code points, then a letter with its accent apart.
    press(page, "Home", "PageDown", "PageDown", "PageUp", "Shift+ArrowRight")
    told(phrase, "1 of 25 words")
    assert phrase.locator("q").inner_text() == "cafe\u0301"
    press(page, "Shift+ArrowRight", "Alt+ArrowRight")
    told(phrase, "2 of 25 words")
    assert phrase.locator("q").inner_text() == "cafe\u0301 \u05e9\u05dc\u05d5\u05dd:"
    desk.get_by_text("we hold that the bridge").dblclick(position={"x": 3, "y": 8})
    told(phrase, "1 of 25 words")
    desk.get_by_text("Yours, A.").dblclick(position={"x": 8, "y": 8})
    phrase.get_by_text("Yours", exact=True).wait_for()


POST = "post,The post,Body A,2021-03-06,shown,letter,combined,,opening,,,\n"


def test_a_document_is_added_by_keyboard_and_a_phrase_is_typed_where_no_text_is_stored(bench):
    page, address, folder, _, notebook = bench
    with open(folder / "study" / "sources.csv", "a", encoding="utf-8", newline="") as file:
        file.write(POST)
    desk = lab.opened(page, address, notebook("ben"), folder)
    desk.get_by_role("button", name="Code (").focus()
    press(page, "Enter")
    told(desk, "1 source of the study without a stored text")
    desk.locator(".text").focus()
    press(page, "a")
    with page.expect_file_chooser() as chosen:
        press(page, "Space")
    raw = documents_made.pdf("We back the ferry.", "And the mill.")
    chosen.value.set_files({"name": "answer.pdf", "mimeType": "application/pdf", "buffer": raw})
    press(page, "Tab", "Tab")
    press(page, "ArrowDown", "ArrowDown")  # in a list: JupyterLab must not take them
    for said in ("", "2021-03-09", "shown", "letter", "combined"):
        press(page, "Tab")
        page.keyboard.insert_text(said)
    press(page, *["Tab"] * 6, "Enter")
    told(desk, "nothing was added: say what the file does not. title: the title as shown")
    press(page, *["Shift+Tab"] * 10)
    page.keyboard.insert_text("Our answer")
    press(page, *["Tab"] * 10, "Enter")
    told(desk, "on 2 pages, from answer.pdf (PDF, read by pypdf")
    told(desk, "0 of 7 texts finished")
    assert desk.locator("h2").inner_text() == "Our answer"
    assert desk.locator("select").first.evaluate("one => JSON.parse(one.value)") == "b-2021-03-09"
    press(page, "Home", "Shift+ArrowRight", "Shift+ArrowRight")  # the text has the focus
    told(desk.locator(".phrase"), "2 of 25 words")
    press(page, "5", "Enter")
    told(desk, "1 in this text.")
    press(page, *["."] * 6)  # the last: texts that are stored come first
    told(desk, "The text of post is not stored here.")
    press(page, "f")
    page.keyboard.insert_text("we'd  keep the bridge")
    told(desk.locator(".phrase"), "4 of 25 words")
    press(page, "Enter", "4", "Enter")
    told(desk, "2 phrases coded, 1 in this text.")
    press(page, "a", "Tab")
    page.keyboard.insert_text("We'd keep the bridge, and the mill.")
    press(page, "Tab", "Tab", "Space", "Tab", "Enter")  # it is the text of this source
    told(desk, "the row post has its length and hash; text_seen stays opening.")
    assert desk.locator(".text").inner_text() == "We'd keep the bridge, and the mill."
    found = {row["source_id"]: row for row in own(folder, "ben", "codings")}
    assert (found["b-2021-03-09"]["quote"], found["b-2021-03-09"]["start"]) == ("We back", "0")
    assert (found["post"]["quote"], found["post"]["start"]) == ("we'd keep the bridge", "")
    assert (
        (folder / "texts" / "b-2021-03-09.txt").read_text("utf-8").startswith("We back the ferry")
    )


AUDIT = """async rules => {
  const run = {type: "tag", values: rules};
  const found = await axe.run(".positions-desk", {runOnly: run, resultTypes: ["violations"]});
  return found.violations.map(rule => [rule.id, rule.nodes[0].html, rule.nodes[0].failureSummary]);
}"""


@pytest.mark.parametrize("bench", THEMES, indirect=True)
def test_it_breaks_no_rule_of_wcag_in_light_and_dark_wide_and_narrow(bench):
    page, address, folder, _, notebook = bench
    desk = lab.opened(page, address, notebook("cleo"), folder)
    dark = page.evaluate("document.body.dataset.jpThemeLight")
    page.evaluate(chromium.axe())

    def sound(where):
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(AUDIT, chromium.RULES) == [], (where, width, dark)
            beyond = desk.evaluate("e => e.scrollWidth - e.clientWidth")
            assert beyond <= 0, (where, width)
        page.set_viewport_size({"width": WIDE, "height": 900})

    for made in desk.locator("details").all():
        made.evaluate("one => { one.open = true; }")
    sound("check")
    desk.locator(".text").focus()
    press(page, "1", "Enter")
    told(desk, "Locked and saved.")
    sound("locked")
    both = [desk.locator(one).first.bounding_box() for one in (".text", ".text mark")]
    assert both[0]["y"] <= both[1]["y"] <= both[0]["y"] + both[0]["height"]
    desk.get_by_role("button", name="Decide").click()
    told(desk, "a check objects")
    sound("decide")
    desk.locator(".text").focus()
    press(page, "Enter")
    told(desk, "choose a decision")
    press(page, "0", "m")
    page.keyboard.type("The text gives no side.")
    press(page, "Enter")
    told(desk, "Decided and saved: struck.")
    desk.get_by_role("button", name="Code (").click()
    told(desk, "texts finished")
    desk.locator(".text").focus()
    press(page, "Shift+ArrowRight", "3", "Enter")
    told(desk, "coded and saved.")
    sound("code")
