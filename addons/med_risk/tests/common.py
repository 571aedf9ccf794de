from odoo.addons.med_capa.tests.common import CapaCase
from odoo.fields import Command


class RiskCase(CapaCase):
    """Hazards of a stent, kept by one of quality and reviewed by another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.bert, "reviewed")

    @classmethod
    def hazard(cls, **values):
        """Return a draft that lacks nothing for its review."""
        return cls.env["med.risk.hazard"].with_user(cls.anna).create({
            "hazard": "Unsterile device", "events": "Seal opens in transport",
            "situation": "Unsterile stent in the vessel", "harm": "Sepsis", "severity": "5",
            "probability": "2", "residual_severity": "5", "residual_probability": "1",
            "product_tmpl_ids": [Command.set(cls.stent.product_tmpl_id.ids)],
            "control_ids": [Command.create({
                "kind": "2_protective", "what": "Seal test", "implementation": "WI-7",
                "effectiveness": "Report 12", "new_risks": "None"})], **values})

    @classmethod
    def reviewed(cls, **values):
        return cls.review_it(cls.hazard(**values))

    @classmethod
    def review_it(cls, record):
        cls.sign(record, cls.bert, "reviewed")
        return record
