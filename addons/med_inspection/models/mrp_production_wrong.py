from odoo import models
from odoo.exceptions import UserError


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def med_wrong(self, reason: str):
        """Say that something is wrong at this order: what it makes is held, QA is told.

        :param reason: what was seen
        :return: ``{"version", "hold" (id, 0: the order has no lot yet)}``
        """
        self.ensure_one()
        self.check_access("read")
        Hold = self.env["med.hold"]
        Hold._check_placer()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“reason” must say what is wrong."))
        lots = self.lot_producing_ids.filtered("product_id.med_controlled")
        hold = Hold._place(lots, reason.strip(), "precaution", document=self)[0] if lots else Hold
        people = self.env.ref("med_base.med_base_group_qa").sudo().all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids)
        self.sudo().message_post(
            body=self.env._("Something is wrong, says %(who)s: %(what)s",
                            who=self.env.user.name, what=reason.strip()),
            partner_ids=people.partner_id.ids)
        return {"version": 1, "hold": hold.id or 0}

    def action_med_wrong(self):
        """Ask what is wrong."""
        title = self.env._("What is wrong?")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "med_wrong"}}
