from odoo import fields, models


class MedChange(models.Model):
    """Processors that look into the portal are found like those whose programs hear of changes."""

    _inherit = "med.change"

    def action_find_partners(self):
        done = super().action_find_partners()
        self._med_find_processors()
        return done

    def _med_find_processors(self):
        """Put the processors with portal users that have to do with what changes into the list."""
        known = self.notice_ids.partner_id.commercial_partner_id
        rows = []
        for processor in self.env["med.processor"].sudo().search([
                ("company_id", "=", self.company_id.id), ("user_ids", "!=", False),
                ("partner_id", "not in", known.ids)]).filtered(lambda one: one._med_is_open()):
            products = self._med_products_at(processor)
            if products and processor._med_people():
                rows.append({"change_id": self.id, "partner_id": processor.partner_id.id,
                             "product_ids": [fields.Command.set(products.ids)],
                             "description": self.description})
        self.env["med.change.notice"].create(rows)

    def _med_products_at(self, processor):
        """Return those of what changes that a processor makes, treats or uses: by its scope, by
        bills of materials, by orders."""
        products = self.sudo()._med_told_products()
        boms = self.env["mrp.bom"].sudo().search([
            ("type", "=", "subcontract"), ("company_id", "in", (False, self.company_id.id)),
            ("subcontractor_ids.commercial_partner_id", "=", processor.partner_id.id)])
        orders = self.env["med.outsourcing.order"].sudo().search([
            ("processor_id", "=", processor.id),
            ("state", "not in", ("draft", "declined", "cancelled")),
            "|", ("product_id", "in", products.ids),
            ("line_ids.lot_id.product_id", "in", products.ids)])
        templates = processor.scope_ids.product_tmpl_ids | boms.product_tmpl_id
        used = boms.bom_line_ids.product_id | orders.product_id | orders.line_ids.product_id
        return products.filtered(
            lambda one: one.product_tmpl_id in templates or one in used).sudo(False)
