"""The smallest site there is, for tests that let its build fail."""

from positions._files import building


def build(out, text):
    with building(out) as folder:
        (folder / "tables").mkdir()
        (folder / "index.html").write_text(text)
        (folder / "tables" / "a.csv").write_text(text * 2)
