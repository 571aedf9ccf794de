from odoo.addons.med_release.tests.common import ReleaseCase
from odoo.fields import Command

NONE = {"safety": "none", "performance": "none", "registration": "none"}


class ChangeCase(ReleaseCase):
    """Changes that an operator requests, everybody assesses, and others approve and verify."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.otto = cls.person("operator", "otto")
        cls.allen = cls.person("qa,regulatory,shift_leader,purchasing,warehouse", "allen")
        cls.grant(cls.anna, "reviewed", "verified")
        cls.grant(cls.bert, "approved", "verified")
        cls.rega = cls.person("regulatory", "rega")
        cls.grant(cls.rega, "approved")
        cls.template = cls.pump.product_tmpl_id
        cls.bom = cls.template.bom_ids

    @classmethod
    def grant(cls, user, *meanings):
        """As the factory's, of what the person may not sign yet."""
        known = cls.env["med.signature.grant"].search([
            ("user_id", "=", user.id), ("state", "=", "active")]).meaning_id.mapped("code")
        if left := [meaning for meaning in meanings if meaning not in known]:
            super().grant(user, *left)

    @classmethod
    def made(cls, *args, **kw):
        """As the factory's, by the bill of materials in force."""
        bom = (kw.get("product") or cls.pump).product_tmpl_id.bom_ids[:1]
        return super().made(*args, **{"bom_id": bom.id, **kw})

    @classmethod
    def requested(cls, subjects=("bom",), effects=None, user=None, products=None, **values):
        """Return a change that lacks nothing but assessments; minor unless told otherwise."""
        told = cls.env["med.change"].with_user(user or cls.otto).request(
            title="Other tube", reason="Supplier stops", description="Tube B for tube A",
            subjects=list(subjects), effects={**NONE, **(effects or {})},
            products=(cls.template if products is None else products).ids)
        record = cls.env["med.change"].browse(told["change"])
        record.with_user(cls.anna).write({
            "rollback": "Old tube", "verification_plan": "Leak test", **values})
        return record

    @classmethod
    def answered(cls, record, market="no"):
        """Let everybody assess, and say what is done about all that it reaches."""
        record.with_user(cls.anna).action_impact()
        if record.impact_ids:
            record.impact_ids.with_user(cls.anna).settle(reason="Nothing to be done")
        record.assessment_ids.with_user(cls.allen).write({"effect": "no", "text": "Looked at"})
        record.market_ids.with_user(cls.anna).write({"needed": market})
        return record

    @classmethod
    def assessed(cls, **kw):
        market = kw.pop("market", "no")
        record = cls.answered(cls.requested(**kw), market)
        cls.sign(record, cls.anna, "reviewed")
        return record

    @classmethod
    def approved(cls, **kw):
        record = cls.assessed(**kw)
        cls.sign(record, cls.bert, "approved")
        return record

    @classmethod
    def effective(cls, record):
        record.with_user(cls.anna).verification = "Leak test 7: passed"
        cls.sign(record, cls.bert, "verified")
        return record

    @classmethod
    def controlled(cls, product=None):
        """Put a product under change control by its signed design transfer."""
        control = cls.env["med.product.control"].with_user(cls.anna).create({
            "product_tmpl_id": (product or cls.template).id, "reference": "DT-1"})
        cls.sign(control, cls.anna, "approved")
        return control

    @classmethod
    def revised(cls, record, quantity=2):
        """Return the revision of the pump's bill of materials, with another quantity."""
        record.with_user(cls.env.user).action_revisions()
        revision = record.bom_ids.filtered(lambda bom: not bom.active)
        revision.bom_line_ids.product_qty = quantity
        return revision

    @classmethod
    def ordered(cls, product=None, lot=None, **values):
        """Return a confirmed order by the bill of materials that Odoo chooses."""
        product = product or cls.pump
        order = cls.env["mrp.production"].create({
            "product_id": product.id, "product_qty": 1, **(
                {"lot_producing_ids": [Command.set(lot.ids)]} if lot else {}), **values})
        order.action_confirm()
        return order
