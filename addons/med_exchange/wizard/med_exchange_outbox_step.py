from odoo import fields, models

TITLES = {"resume": "Go On", "stop": "Stop", "replay": "Send Once More", "retry": "Send Once More",
          "set_aside": "Set Aside", "settle": "Settle"}
MODELS = {"resume": "med.exchange.line", "stop": "med.exchange.line",
          "replay": "med.exchange.line", "retry": "med.exchange.delivery",
          "set_aside": "med.exchange.delivery", "settle": "med.exchange.reconciliation"}


class MedExchangeOutboxStep(models.TransientModel):
    """A step of a person in the outbox, with its reason."""

    _name = "med.exchange.outbox.step"
    _description = "Step in the Outbox"

    step = fields.Selection(list(TITLES.items()), required=True, readonly=True)
    sequence = fields.Integer("From Number", default=1)
    reason = fields.Char(required=True)
    line_ids = fields.Many2many("med.exchange.line", readonly=True)
    delivery_ids = fields.Many2many("med.exchange.delivery", readonly=True)
    reconciliation_ids = fields.Many2many("med.exchange.reconciliation", readonly=True)

    def _med_open(self, step, records):
        """Open the form that asks for the reason of a step on records."""
        records.env["med.exchange.line"]._med_check_staff()
        field = {"med.exchange.line": "line_ids", "med.exchange.delivery": "delivery_ids",
                 "med.exchange.reconciliation": "reconciliation_ids"}[MODELS[step]]
        return {"type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form",
                "target": "new", "name": dict(
                    self._fields["step"]._description_selection(self.env))[step],
                "context": {"default_step": step, f"default_{field}": records.ids}}

    def action_do(self):
        """Take the step; its own method checks who may."""
        self.ensure_one()
        records = {"med.exchange.line": self.line_ids, "med.exchange.delivery": self.delivery_ids,
                   "med.exchange.reconciliation": self.reconciliation_ids}[MODELS[self.step]]
        if self.step == "replay":
            records.replay(self.sequence, self.reason)
        else:
            getattr(records, self.step)(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
