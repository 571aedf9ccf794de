from odoo import models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError

OPEN = ("draft", "done", "cancel")


class MedProcessor(models.Model):
    """Its own place in our books: what was sent and is still there can be counted."""

    _inherit = "med.processor"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "approve":
            if self.risk_class == "high" and not (self.audit and (self.audit_note or "").strip()):
                raise UserError(self.env._(
                    "“%(name)s” is of high risk: say how it is audited, and why so.",
                    name=self.display_name))
            if not self.location_id:
                self._med_check_place()

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "approve":
            self._med_take_place()

    def _med_contacts(self):
        """Return the contacts of the processor's organisation, itself first."""
        return self.env["res.partner"].sudo().with_context(active_test=False).search(
            [("commercial_partner_id", "=", self.partner_id.id)]).with_company(self.company_id)

    def _med_old_places(self):
        """Return where the books have sent its goods so far."""
        return self._med_contacts().property_stock_subcontractor

    def _med_adopted(self):
        """Return a place of the books that is this processor's alone already, or none."""
        general, places = self.company_id.subcontracting_location_id, self._med_old_places()
        own = places - general
        if len(own) != 1 or not own._child_of(general) or own.usage != "internal":
            return own.browse()
        taken = self.sudo().search([("location_id", "=", own.id), ("state", "!=", "ended"),
                                    ("id", "!=", self.id)], limit=1)
        others = self.env["res.partner"].sudo().with_company(self.company_id).with_context(
            active_test=False).search(
            [("property_stock_subcontractor", "=", own.id),
             ("commercial_partner_id", "!=", self.partner_id.id)], limit=1)
        return own.browse() if taken or others else own

    def _med_check_place(self):
        """Refuse a place of its own while goods are under way to or from another one."""
        if not self.company_id.subcontracting_location_id:
            raise UserError(self.env._(
                "%(company)s has no place for subcontracting: set one in the settings of the "
                "inventory.", company=self.company_id.name))
        if self._med_adopted():
            return
        contacts, general = self._med_contacts(), self.company_id.subcontracting_location_id
        busy = self.env["mrp.production"].sudo().search([
            ("subcontractor_id", "in", contacts.ids), ("company_id", "=", self.company_id.id),
            ("state", "not in", OPEN)], limit=3)
        if busy:
            raise UserError(self.env._(
                "“%(name)s” has orders under way by way of %(place)s: %(orders)s. Receive or "
                "cancel them first: from now on its goods are counted in a place of its own.",
                name=self.display_name, place=", ".join(set(
                    busy.location_src_id.mapped("display_name"))),
                orders=", ".join(busy.mapped("name"))))
        lying = self.env["stock.quant"].sudo().search([
            ("location_id", "child_of", (self._med_old_places() - general).ids),
            ("quantity", "!=", 0)], limit=3)
        if lying:
            raise UserError(self.env._(
                "Goods of “%(name)s” lie in %(place)s: %(goods)s. Bring them back first: from "
                "now on they are counted in a place of its own.", name=self.display_name,
                place=lying[:1].location_id.display_name,
                goods=", ".join(quant.lot_id.name or quant.product_id.display_name
                                for quant in lying)))

    def _med_take_place(self):
        """Make the processor's own place, and send its goods there from now on."""
        for one in self.sudo():
            if not one.location_id:
                place = one._med_adopted() or self.env["stock.location"].sudo().create({
                    "name": one.partner_id.name, "usage": "internal",
                    "location_id": one.company_id.subcontracting_location_id.id,
                    "company_id": one.company_id.id})
                with permit(self._name, one.ids, ("place", place.id)):
                    one.write({"location_id": place.id})
            one._med_bind_contacts(one._med_contacts())

    def _med_bind_contacts(self, contacts):
        """Let goods for these contacts go to the processor's place."""
        self.ensure_one()
        contacts = contacts.sudo().with_company(self.company_id)
        astray = contacts.filtered(
            lambda one: one.property_stock_subcontractor != self.location_id)
        astray.property_stock_subcontractor = self.location_id
