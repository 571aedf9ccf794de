from odoo import fields, models


class MedUdiFileProblem(models.Model):
    """What keeps a file from being made: found anew with each try, input of nobody."""

    _name = "med.udi.file.problem"
    _description = "Problem of a Regulator's File"
    _inherit = ["med.auditor.mixin"]
    _order = "file_id desc, line_id, id"
    _rec_name = "sentence"

    file_id = fields.Many2one("med.udi.file", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    line_id = fields.Many2one("med.udi.file.line", index="btree_not_null", ondelete="cascade")
    di_id = fields.Many2one("med.udi.di", "Device Identifier", index="btree_not_null",
                            ondelete="cascade")
    kind = fields.Selection(
        [("missing", "Missing"), ("long", "Too long"), ("code", "No code"),
         ("characters", "Characters"), ("device", "Device"), ("schema", "Schema"),
         ("file", "File")], required=True)
    element = fields.Char("Data Element")
    place = fields.Char("Place in the Form")
    row = fields.Integer("Line of the File", aggregator=False,
                         help="Line of the file that was tried.")
    sentence = fields.Char("Problem", required=True)

    def action_open_device(self):
        """Open the device identifier that lacks something."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "med.udi.di", "res_id": self.di_id.id,
            "views": [(False, "form")],
        }
