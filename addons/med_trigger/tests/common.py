from datetime import timedelta

from odoo import fields
from odoo.addons.med_capa.tests.common import CapaCase


class TriggerCase(CapaCase):
    """Rules of quality assurance about nonconformities seen in the past."""

    @classmethod
    def rule(cls, force=True, **values):
        """Return a rule, in force: the same defect of a product three times in ten days."""
        rule = cls.env["med.trigger.rule"].with_user(cls.bert).create({
            "name": "Scratches again", "count": 3, "days": 10, "date_from": "2025-01-01",
            "responsible_id": cls.bert.id, **values})
        if force:
            cls.sign(rule, cls.anna, "approved")
        return rule.with_user(cls.anna)

    @classmethod
    def seen(cls, *days, partner=None, **kw):
        """Return nonconformities of a product, seen so many days ago."""
        found = cls.env["med.nonconformity"]
        for day in days:
            moment = fields.Datetime.to_string(fields.Datetime.now() - timedelta(days=day))
            found |= cls.reported(product=cls.stent.id, event_time=moment, **kw)
        if partner:
            found.with_user(cls.anna).write({"partner_id": partner.id})
        return found

    @classmethod
    def hits(cls, rule):
        return cls.env["med.trigger.hit"].search([("rule_id", "=", rule.id)], order="id")

    @classmethod
    def proposed(cls, **values):
        """Return a signal that waits."""
        cls.seen(3, 2, 1)
        rule = cls.rule(**values)
        rule.run()
        return cls.hits(rule)
