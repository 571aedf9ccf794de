from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class MedUdiFileLine(models.Model):
    """A device identifier in a file, and what the regulator says of it."""

    _name = "med.udi.file.line"
    _description = "Device in a Regulator's File"
    _inherit = ["med.auditor.mixin"]
    _order = "file_id desc, id"
    _check_company_auto = True

    file_id = fields.Many2one("med.udi.file", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    jurisdiction_id = fields.Many2one(related="file_id.jurisdiction_id", store=True, index=True)
    di_id = fields.Many2one("med.udi.di", "Device Identifier", required=True, index=True,
                            ondelete="restrict", check_company=True)
    product_id = fields.Many2one(related="di_id.product_id")
    basic_id = fields.Many2one(related="di_id.basic_id")
    registration_id = fields.Many2one("med.udi.registration", "Registration", readonly=True,
                                      index="btree_not_null", ondelete="restrict")
    problem_count = fields.Integer("Problems", compute="_compute_problem_count")
    state = fields.Selection(
        [("waiting", "Waiting"), ("accepted", "Accepted"), ("refused", "Refused")], "Outcome",
        required=True, default="waiting", readonly=True, index=True)
    message = fields.Char("What the Regulator Says", readonly=True)
    record_key = fields.Char("Key in the Database", readonly=True)
    decided_time = fields.Datetime("Answered On", readonly=True)

    _di_uniq = models.Constraint("UNIQUE (file_id, di_id)",
                                 "A device identifier stands in a file once.")

    @api.depends("file_id.problem_ids")
    def _compute_problem_count(self):
        counts = dict(self.env["med.udi.file.problem"]._read_group(
            [("line_id", "in", self.ids)], ["line_id"], ["__count"]))
        for line in self:
            line.problem_count = counts.get(line._origin, 0)

    @api.depends("file_id.name", "di_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.file_id.name} · {line.di_id.name}"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([{
            "file_id": vals.get("file_id"), "di_id": vals.get("di_id"), "state": "waiting",
            "registration_id": False, "message": False, "record_key": False,
            "decided_time": False} for vals in vals_list])
        lines._med_check_draft()
        return lines

    def write(self, vals):
        if vals.keys() - {"di_id"}:
            raise AccessError(self.env._("The outcome of a device comes with an answer."))
        self._med_check_draft()
        return super().write(vals)

    def _store(self, vals):
        """Write what an answer says."""
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_draft()
        self.env["med.udi.file.problem"].sudo().search(
            [("line_id", "in", self.ids)]).unlink()
        return super().unlink()

    def _med_check_draft(self):
        for line in self:
            if line.file_id.state != "draft":
                raise UserError(self.env._(
                    "%s was made: its devices stay. Make a new file.", line.file_id.name))
