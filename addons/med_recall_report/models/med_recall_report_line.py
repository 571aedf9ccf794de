from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError


class MedRecallReportLine(models.Model):
    """What one report says to one item."""

    _name = "med.recall.report.line"
    _description = "Item of a Report of a Recall"
    _inherit = ["med.signed.line.mixin"]
    _order = "report_id, sequence, id"
    _med_parent = "report_id"

    report_id = fields.Many2one("med.recall.report", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    item_id = fields.Many2one("med.recall.report.item", "Item of the Kind", required=True,
                              ondelete="restrict")
    name = fields.Char("Item", related="item_id.name")
    key = fields.Char(required=True)
    sequence = fields.Integer()
    source = fields.Char("Clause")
    required = fields.Boolean()
    computed = fields.Boolean("From the Recall")
    changed = fields.Boolean("Changed by Hand", help="It is not read anew from the recall.")
    text = fields.Text()

    _key_uniq = models.Constraint("UNIQUE (report_id, key)", "The report has this item already.")

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "born"):
            raise AccessError(self.env._("The items of a report are those of its kind."))
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() != {"text"}:
            if not take(self._name, self.ids, tuple(sorted(vals))):
                raise AccessError(self.env._("Of an item of a report the text alone is written."))
        elif not take(self._name, self.ids, ("text",)):
            self._med_store({**vals, "changed": True})
            return True
        return super().write(vals)

    def _med_store(self, vals):
        with permit(self._name, self.ids, tuple(sorted(vals))):
            self.write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Items of a report are not deleted."))
