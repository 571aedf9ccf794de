"""Odoo's command line. With workers, Odoo starts its websocket process by the file it runs from,
which fails for ever where that is ``python -m odoo``."""

from odoo.cli.command import main

main()
