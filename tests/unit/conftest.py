"""Unit tests import a rule by the path Odoo uses, without Odoo.

``odoo``, ``odoo.addons`` and every addon are empty modules here that only know their folder, so
``odoo.addons.med_base.tools.due_date`` is importable, an addon's ``__init__`` is not run, and a
stray ``from odoo import …`` in a tool fails.
"""

import sys
import types
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "setup"))

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def _empty(name, *folders):
    module = types.ModuleType(name)
    module.__path__ = [str(folder) for folder in folders]
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)


_empty("odoo")
_empty("odoo.addons")
for manifest in (ROOT / "addons").glob("*/__manifest__.py"):
    _empty(f"odoo.addons.{manifest.parent.name}", manifest.parent)
