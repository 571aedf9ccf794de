from odoo import fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

KINDS = [("correction", "Correction"), ("corrective", "Corrective"),
         ("preventive", "Preventive")]


class MedCapaRequestAction(models.Model):
    """What a partner does, in one of its answers."""

    _name = "med.capa.request.action"
    _description = "Action of a Partner"
    _inherit = ["med.kept.row.mixin"]
    _order = "answer_id desc, id"
    _rec_name = "what"
    _med_refusals = {
        "create": _lt("What a partner does stands in its answer."),
        "write": _lt("What a partner answered is not changed."),
        "unlink": _lt("What a partner answered is kept."),
        "copy": _lt("An answer is not copied."),
    }
    _med_follows = {"company_id"}

    answer_id = fields.Many2one("med.capa.request.answer", "Answer", required=True, index=True,
                                readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="answer_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    what = fields.Char(required=True, readonly=True)
    who = fields.Char(readonly=True)
    date_due = fields.Date("Due", readonly=True)
    date_done = fields.Date("Done On", readonly=True)

    def _med_plain(self):
        """Return these actions as plain data, as they are signed and told."""
        return [{"kind": one.kind, "what": one.what, "who": one.who or "",
                 "due": one.date_due.isoformat() if one.date_due else "",
                 "done": one.date_done.isoformat() if one.date_done else ""}
                for one in self.sorted("id")]
