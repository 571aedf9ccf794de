import json

from odoo import models
from odoo.exceptions import UserError


class MedExchangeMessage(models.Model):
    """What the buttons of a message open."""

    _inherit = "med.exchange.message"

    def action_mend(self):
        """Open the content field by field, to be mended."""
        self.ensure_one()
        self._check_open(("rejected", "conflict"))
        if self.action != "state" or not isinstance(json.loads(self.body).get("payload"), dict):
            raise UserError(self.env._("There is no content to mend: return the message."))
        return self.env["med.exchange.message.mend"]._of(self)._action()

    def action_decide(self):
        """Open both sides of a conflict."""
        self.ensure_one()
        self._check_open(("conflict",))
        return self.env["med.exchange.message.decide"]._of(self)._action()

    def action_apply_again(self):
        """Ask why, and try to apply these messages again."""
        return self._ask_reason("apply_again")

    def action_give_back(self):
        """Ask why, and return these messages to their sender."""
        return self._ask_reason("give_back")

    def action_roll_back(self):
        """Ask why, and take back what this message did."""
        return self._ask_reason("roll_back")

    def _ask_reason(self, verb):
        self.check_access("read")
        wizard = self.env["med.exchange.message.reason"].create(
            {"message_ids": self.ids, "verb": verb})
        return {"type": "ir.actions.act_window", "res_model": wizard._name, "res_id": wizard.id,
                "name": dict(wizard._fields["verb"]._description_selection(self.env))[verb],
                "views": [(False, "form")], "target": "new"}

    def action_record(self):
        """Open the record that this message speaks of."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "views": [(False, "form")]}

    def action_entries(self):
        """Open what this message changed, in the audit trail."""
        self.ensure_one()
        self.check_access("read")
        code = self.exchange_partner_id.code
        action = self.env["ir.actions.actions"]._for_xml_id("med_audit.med_audit_entry_action")
        return {**action, "context": {}, "domain": [
            ("message", "in", [self.trail, f"{code}/{self.name}"]),
            ("model", "=", self.res_model), ("res_id", "=", self.res_id)]}

    def action_of_object(self):
        """Open every message about the same thing."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": self._name,
                "name": self.env._("Messages about %s", self.object_key),
                "views": [(False, "list"), (False, "form")],
                "domain": [("exchange_partner_id", "=", self.exchange_partner_id.id),
                           ("schema", "=", self.schema), ("object_key", "=", self.object_key)]}
