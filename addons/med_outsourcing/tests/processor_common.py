import base64

from odoo import fields
from odoo.addons.med_release.tests.common import ReleaseCase
from odoo.fields import Command

from .common import both_sides

PDF = base64.b64encode(b"%PDF-1.4 signed and stamped")


class ProcessorCase(ReleaseCase):
    """An approved processor with a place of its own, its portal user, and lots of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carl = cls.person("warehouse", "carl")
        cls.grant(cls.anna, "verified")
        cls.grant(cls.carl, "approved", "verified")
        cls.works = cls.env["res.partner"].create({"name": "Sterile works", "is_company": True})
        cls.processor = cls.approved(cls.works)
        cls.place = cls.processor.location_id
        cls.pia = cls.portal("pia", cls.processor)

    @classmethod
    def approved(cls, partner):
        """Return the file of a processor, approved for what the tests ask, with an agreement."""
        processor = cls.env["med.processor"].with_user(cls.bert).create({
            "partner_id": partner.id, "risk_class": "medium", "date_review": "2030-01-01",
            "scope_ids": [Command.create({"process": process})
                          for process in ("sterilisation_eo", "assembly")]})
        cls.sign(processor, cls.anna, "approved")
        agreement = cls.env["med.quality.agreement"].with_user(cls.bert).create({
            "name": f"QA-{processor.id}", "processor_id": processor.id,
            "date_from": "2026-01-01", "date_to": "2030-12-31", **both_sides()})
        cls.sign(agreement, cls.anna, "approved")
        return processor.with_env(cls.env)

    @classmethod
    def portal(cls, login, processor):
        """Return a portal user of a processor who has set his own password."""
        contact = cls.env["res.partner"].create(
            {"name": login, "parent_id": processor.partner_id.id})
        user = cls.env["res.users"].with_context(no_reset_password=True).create({
            "name": login, "login": login, "partner_id": contact.id,
            "password": f"{login}-secret", "group_ids": [Command.set(cls.env.ref(
                "med_base.med_base_group_portal_processor").ids)]})
        cls.own_password(user)
        processor.user_ids += user
        return user

    # ------------------------------------------------------------------ goods

    @classmethod
    def send(cls, *rows):
        """Send (lot, quantity) rows to the processor's place."""
        return cls.move([(lot.product_id, lot, quantity) for lot, quantity in rows],
                        cls.stock, cls.place, "internal", cls.works)

    @classmethod
    def take(cls, *rows):
        """Take (lot, quantity) rows back from the processor's place."""
        return cls.move([(lot.product_id, lot, quantity) for lot, quantity in rows],
                        cls.place, cls.stock, "internal", cls.works)

    # ------------------------------------------------------------------ orders and releases

    @classmethod
    def processing(cls, *rows, state="acknowledged", processor=None, done=True):
        """Return an order to process (lot, quantity) rows, as released.

        :param done: all of it is reported as finished and good
        """
        order = cls.env["med.outsourcing.order"].create({
            "processor_id": (processor or cls.processor).id, "kind": "process",
            "process": "sterilisation_eo", "line_ids": [
                Command.create({"lot_id": lot.id, "quantity": quantity})
                for lot, quantity in rows]})
        order._med_store({"revision": "R1", "state": state})
        if done:
            cls.done_there(order, {lot.name: quantity for lot, quantity in rows})
        return order

    @classmethod
    def done_there(cls, order, lots, outcome="good", kind="finished", **values):
        """As if the processor had reported quantities of lots, by name."""
        Event = cls.env["med.outsourcing.event"].sudo()
        event = Event.create({
            "order_id": order.id, "kind": kind, "event_time": fields.Datetime.now(),
            "reference": f"T{Event.search_count([])}", "digest": "-", "user_id": cls.env.uid,
            "origin": "portal", **values})
        cls.env["med.outsourcing.event.lot"].sudo().create([{
            "event_id": event.id, "lot_name": name, "quantity": quantity, "outcome": outcome,
            "product_id": (order.line_ids.lot_id.filtered(
                lambda lot, name=name: lot.name == name).product_id or order.product_id).id,
            "lot_id": order.line_ids.lot_id.filtered(
                lambda lot, name=name: lot.name == name).id or cls.env["stock.lot"].search([
                    ("name", "=", name), ("product_id", "=", order.product_id.id)], limit=1).id,
        } for name, quantity in lots.items()])
        order.invalidate_recordset(["event_ids"])
        return event

    @classmethod
    def theirs(cls, order, lots, revision="R1", **kw):
        """Return a release that waits for the processor's signature."""
        return cls.env["med.processor.release"]._med_prepare(
            order, [{"lot": name, "quantity": quantity} for name, quantity in lots.items()],
            revision, **kw)

    @classmethod
    def portal_sign(cls, record, meaning, user=None, processor=None, **kw):
        """Sign in the portal, as a person of the processor."""
        user = user or cls.pia
        return (processor or cls.processor).with_user(user).sudo()._med_sign(
            record, meaning, **{"secret": f"{user.login}-secret", **kw})

    @classmethod
    def paper(cls, record, meaning="released", user=None, **kw):
        """Return a stamped paper, as entered by one person of ours."""
        return cls.env["med.processor.scan"].with_user(user or cls.carl).create({
            "res_model": record._name, "res_id": record.id, "meaning": meaning, "file": PDF,
            "person": "Mr. Li", "signed_on": "2026-03-01", **kw})
