"""Removal. Nonconformities and deviations outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_deviation", "med_deviation_use", "med_deviation_product_product_rel",
        "med_deviation_stock_lot_rel", "med_nonconformity", "med_nonconformity_line",
        "med_nonconformity_candidate")


def uninstall_hook(env):
    """Copy nonconformities, deviations and their lines to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
