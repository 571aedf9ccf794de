"""Everything a program of setup/ needs before it can work with Odoo."""

from . import odoo, postgres, python, system
from .house import LOGS, RUNTIME


def ensure(tests=False):
    """Get what is missing (system packages, Odoo 19, Python packages) and start PostgreSQL."""
    RUNTIME.mkdir(exist_ok=True)
    LOGS.mkdir(exist_ok=True)
    system.ensure(tests)
    odoo.ensure()
    python.ensure()
    postgres.start()
