from odoo import fields, models

READERS = ",".join(f"med_base.med_base_group_{role}" for role in ("regulatory", "qa", "auditor"))


class MedUdiDi(models.Model):
    """The files in which a device identifier was sent to regulators."""

    _inherit = "med.udi.di"

    med_file_line_ids = fields.One2many("med.udi.file.line", "di_id", "Sent to Regulators",
                                        readonly=True, groups=READERS)
    med_file_count = fields.Integer("Regulator Files", compute="_compute_med_file_count",
                                    groups=READERS)

    def _compute_med_file_count(self):
        counts = dict(self.env["med.udi.file.line"]._read_group(
            [("di_id", "in", self.ids)], ["di_id"], ["__count"]))
        for di in self:
            di.med_file_count = counts.get(di._origin, 0)

    def action_med_files(self):
        """Open the files that these device identifiers stand in."""
        return {
            "type": "ir.actions.act_window", "name": self.env._("Regulator Files"),
            "res_model": "med.udi.file", "views": [(False, "list"), (False, "form")],
            "domain": [("line_ids.di_id", "in", self.ids)],
        }

    def action_med_make_file(self):
        """Ask for the form in which these are written for a regulator."""
        wizard = self.env["med.udi.file.make"].create({"di_ids": self.ids})
        return {
            "type": "ir.actions.act_window", "name": self.env._("Make a Regulator's File"),
            "res_model": wizard._name, "res_id": wizard.id, "views": [(False, "form")],
            "target": "new",
        }
