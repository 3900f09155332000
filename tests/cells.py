"""Run the code cells of a notebook in this process: quicker than a kernel, and it can be traced."""

import ast
import json
import pathlib

from positions.present.display import Chart

FOLDER = pathlib.Path(__file__).parent.parent / "notebooks"


def run(stem: str, **parameters: object) -> list[dict[str, object]]:
    """Run a shipped notebook with these parameters; what each of its cells shows, by kind."""
    notebook = json.loads((FOLDER / f"{stem}.ipynb").read_text("utf-8"))
    names: dict[str, object] = {}
    shown = []
    for at, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        try:
            value = _value("".join(cell["source"]), names)
            shown.append(_shown(value))
        except Exception as error:
            error.add_note(f"in cell {at} of {stem}:\n{''.join(cell['source'])}")
            raise
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
    return shown


def _value(source: str, names: dict[str, object]) -> object:
    """Run one cell; the value of its last line, where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def _shown(value: object) -> dict[str, object]:
    """What a notebook shows for a value, by kind; its pictures are drawn small, for speed."""
    if isinstance(value, Chart):
        return {"image/png": value.png(dpi=36), "text/plain": value.alt}
    if hasattr(value, "_repr_mimebundle_"):
        return value._repr_mimebundle_()[0]
    return {} if value is None else {"text/plain": repr(value)}
