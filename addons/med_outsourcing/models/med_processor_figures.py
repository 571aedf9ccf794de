from datetime import timedelta

from odoo import api, fields, models

YEAR = timedelta(days=365)


class MedProcessor(models.Model):
    """What is known of it: what stands open, and how it did in the last twelve months."""

    _inherit = "med.processor"

    agreement_id = fields.Many2one(
        "med.quality.agreement", "Agreement in Force", compute="_compute_standing")
    date_agreement = fields.Date("Agreement Until", compute="_compute_standing")
    standing = fields.Text("Stands in the Way", compute="_compute_standing", help=(
        "What keeps every order from this processor now, whatever the process."))
    order_count = fields.Integer("Orders", compute="_compute_counts")
    nonconformity_count = fields.Integer("Nonconformities", compute="_compute_counts")
    lot_count = fields.Integer("There Now", compute="_compute_counts")

    year_receipts = fields.Integer("Receipts", compute="_compute_year")
    year_late = fields.Integer("Of Them Late", compute="_compute_year")
    year_lots = fields.Integer("Lots Received", compute="_compute_year")
    year_rejected = fields.Integer("Of Them Rejected", compute="_compute_year")
    year_nonconformities = fields.Integer("Nonconformities Found", compute="_compute_year")
    year_score = fields.Float(
        "Score", digits=(5, 1), compute="_compute_year", help=(
            "Of 100: half the share of receipts in time, half the share of lots not rejected, "
            "less five for each nonconformity. Zero receipts have no score. It advises the "
            "review; nobody is suspended by it."))

    @api.depends("state", "date_review", "company_id.med_review_grace", "agreement_ids.state",
                 "agreement_ids.date_to", "certificate_ids.date_to", "certificate_ids.needed",
                 "certificate_ids.active")
    def _compute_standing(self):
        today = self.env["stock.lot"]._med_today()
        for one in self:
            file = one.sudo().with_context(active_test=False)
            agreement = file._med_agreement_on(today)
            one.agreement_id = agreement.id
            one.date_agreement = agreement.date_to
            one.standing = "\n".join([
                *(file._med_missing_approval() if one.state != "draft" else ()),
                *(file._med_missing_review(today) if one.state != "draft" else ()),
                *file._med_missing_agreement(today), *file._med_missing_certificates(today)]
            ) if one.state != "ended" and one.id else False

    def _med_wrong_domain(self):
        return [("partner_id", "child_of", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids)]

    def _compute_counts(self):
        orders = dict(self.env["med.outsourcing.order"]._read_group(
            [("processor_id", "in", self.ids)], ["processor_id"], ["__count"]))
        lots = dict(self.env["stock.quant"].sudo()._read_group(
            [("location_id", "in", self.location_id.ids), ("quantity", ">", 0)],
            ["location_id"], ["lot_id:count_distinct"]))
        for one in self:
            one.order_count = orders.get(one, 0)
            one.lot_count = lots.get(one.location_id, 0)
            one.nonconformity_count = self.env["med.nonconformity"].sudo().search_count(
                one._med_wrong_domain())

    def _compute_year(self):
        since = fields.Datetime.now() - YEAR
        for one in self:
            lines = self.env["stock.move.line"].sudo().search([
                ("state", "=", "done"), ("date", ">=", since),
                ("location_id", "child_of", one.location_id.ids),
                ("location_dest_id.usage", "=", "internal"),
                "!", ("location_dest_id", "child_of", one.location_id.ids)]) if (
                one.location_id) else self.env["stock.move.line"].sudo()
            moves = lines.move_id
            late = moves.filtered(lambda move: (
                move.date_deadline and move.date.date() > move.date_deadline.date()))
            rejected = lines.lot_id.filtered(lambda lot: lot.med_status == "rejected")
            wrong = self.env["med.nonconformity"].sudo().search_count(
                [*one._med_wrong_domain(), ("create_date", ">=", since)])
            one.year_receipts, one.year_late = len(moves), len(late)
            one.year_lots, one.year_rejected = len(lines.lot_id), len(rejected)
            one.year_nonconformities = wrong
            one.year_score = max(0.0, 50 * (1 - len(late) / len(moves)) + 50 * (
                1 - len(rejected) / (len(lines.lot_id) or 1)) - 5 * wrong) if moves else 0.0

    def action_orders(self):
        """Open the orders to this processor."""
        return {**self.env["ir.actions.act_window"]._for_xml_id(
            "med_outsourcing.med_outsourcing_order_action"),
            "domain": [("processor_id", "in", self.ids)],
            "context": {"default_processor_id": self[:1].id}}

    def action_nonconformities(self):
        """Open the nonconformities of this processor's work."""
        return {"type": "ir.actions.act_window", "res_model": "med.nonconformity",
                "name": self.env._("Nonconformities"), "views": [(False, "list"), (False, "form")],
                "domain": self._med_wrong_domain(),
                "context": {"default_partner_id": self[:1].partner_id.id}}

    def action_there(self):
        """Open what of ours is at this processor now."""
        return {"type": "ir.actions.act_window", "res_model": "stock.quant",
                "name": self.env._("There Now"), "views": [(False, "list")],
                "domain": [("location_id", "child_of", self.location_id.ids)]}

    def action_list_pdf(self):
        """Download the list of approved processors."""
        return {"type": "ir.actions.act_url", "target": "download",
                "url": "/med/approved_processors.pdf"}
