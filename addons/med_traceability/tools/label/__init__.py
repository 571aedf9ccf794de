"""Labels: symbol, readable text and statements on one page, and the proof that it reads back.

A label is a plain dictionary (see ``layout.py``). ``worker.py`` draws it in a process of its own,
reads it back from the pixels of the finished page, and returns page, printer file and what was
read; ``process.py`` runs that process. Sizes are millimetres, text sizes are points.
"""
from .errors import LabelError
from .process import Made, merge, render
from .symbology import DOTS, SYMBOLOGIES, modules_of

__all__ = ['DOTS', 'LabelError', 'Made', 'SYMBOLOGIES', 'merge', 'modules_of', 'render']
