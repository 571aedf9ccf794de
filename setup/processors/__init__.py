"""Programs of three processors, as they might run them: standard library, no Odoo, no files.

They have an address and a key each, and know nothing of us but what the exchange tells them.
"""

from .connection import Connection, Refused
from .plants import PLANTS, Assembler, Coater, Plant, Steriliser

__all__ = ["PLANTS", "Assembler", "Coater", "Connection", "Plant", "Refused", "Steriliser"]
