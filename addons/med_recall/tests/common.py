from odoo import fields
from odoo.addons.med_inspection.tests.common import InspectCase
from odoo.fields import Command


class RecallCase(InspectCase):
    """A lot of a controlled product that went to two hospitals, and people who recall it.

    :cvar alone: a recall is completed and terminated whatever addons above ask for: that is proved
        there
    """

    alone = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for hook in ("_med_check_complete", "_med_check_terminate") if cls.alone else ():
            cls.classPatch(cls.registry["med.recall"], hook, lambda recall: None)
        cls.rana = cls.person("regulatory", "rana")
        cls.grant(cls.anna, "reviewed")
        cls.grant(cls.rana, "reviewed", "approved", "verified")
        cls.hospitals = cls.env["res.partner"].create([
            {"name": "Hospital One", "email": "one@example.com",
             "country_id": cls.env.ref("base.cn").id},
            {"name": "Hospital Two", "email": "two@example.com",
             "country_id": cls.env.ref("base.us").id}])

    @classmethod
    def shipped(cls, name, quantities=(4, 3), product=None):
        """Return a released lot of 10, of which each hospital received so many."""
        lot = cls.in_stock(product or cls.stent, name)
        for partner, quantity in zip(cls.hospitals, quantities, strict=False):
            cls.deliver([(lot.product_id, lot, quantity)], partner=partner)
        return lot

    @classmethod
    def opened(cls, lots=(), **values):
        """Return a recall that was opened for lots."""
        return cls.env["med.recall"].with_user(cls.anna).create({
            "summary": "Seals open", "reason": "Two seals were found open",
            "criterion_ids": [Command.create({"lot_ids": [Command.set([
                lot.id for lot in lots])]})] if lots else [], **values})

    @classmethod
    def assessed(cls, lots=(), level="cn_2", **values):
        """Return a recall of a level in one jurisdiction, and of level 2 elsewhere."""
        record = cls.opened(lots, **values)
        codes = [level, *(one for one in ("cn_2", "us_2") if one[:2] != level[:2])]
        levels = cls.env["med.recall.class"].search([("code", "in", codes)])
        record.write({
            **{f"hazard_{name}": "None known" for name in (
                "event", "conditions", "population", "seriousness", "likelihood", "consequences",
                "conclusion")},
            "assessor_ids": [Command.set(cls.anna.ids)],
            "level_ids": [Command.create({"jurisdiction_id": one.jurisdiction_id.id,
                                          "class_id": one.id}) for one in levels]})
        cls.sign(record, cls.anna, "reviewed", transition="assess")
        return record

    @classmethod
    def decided(cls, lots, **values):
        record = cls.assessed(lots, **values)
        record.write({"action": "take_back", "instruction": "Do not use; send back"})
        record.draw()
        cls.sign(record, cls.rana, "approved", transition="decide")
        return record.with_env(cls.env)

    @classmethod
    def now(cls):
        return fields.Datetime.now()
