"""What every sentence must be, also one on an empty table."""

import types


def claims_nothing(said: str | list[str]) -> None:
    """Assert that sentences on an empty table hold no number and no gap."""
    for sentence in [said] if isinstance(said, str) else said:
        assert "nan" not in sentence.lower()
        assert not sentence.rstrip().endswith((":", "of", "Source:", "()"))
        assert "of ." not in sentence


def functions(module: types.ModuleType) -> set[str]:
    """The sentence functions of a module, by name."""
    return {
        name
        for name, what in vars(module).items()
        if getattr(what, "__module__", "") == module.__name__ and not name.startswith("_")
    }
