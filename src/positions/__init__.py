"""How far does each body agree with a reference model, on what evidence, and how sure?

The modules are used by name: ``from positions import study, stances, agreement, figures``.
Nothing heavy is imported here.
"""

__version__ = "0.3.0"
