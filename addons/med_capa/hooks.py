"""Removal. Corrective and preventive actions outlive the addon."""

from odoo.addons.med_base.kept import keep_tables

KEPT = ("med_capa", "med_capa_action", "med_capa_why", "med_capa_med_nonconformity_rel",
        "med_capa_med_deviation_rel", "med_capa_product_product_rel", "med_capa_risk",
        "med_capa_clock")


def uninstall_hook(env):
    """Copy cases, their actions and the data that judged them to the schema ``med_evidence``."""
    keep_tables(env, KEPT)
