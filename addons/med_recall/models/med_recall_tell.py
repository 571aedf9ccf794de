from odoo import models
from odoo.fields import Domain

TOLD = ("warehouse", "qa", "regulatory")


class MedRecall(models.Model):
    """Tells people of our own house, at once, that something stands still."""

    _inherit = "med.recall"

    def draw(self):
        stopped = self.stopped_at
        told = super().draw()
        if not stopped:
            self._med_tell(self.env._(
                "%(name)s: %(lots)s lots stand still. Do not ship, use or move them.",
                name=self.display_name, lots=told["lots"]))
        return told

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "decide":
            self._med_tell(self.env._(
                "%(name)s is decided: %(action)s. %(instruction)s", name=self.display_name,
                action=self._med_printed("action"), instruction=self.instruction))
            self._med_ask(self.env._("Tell the consignees, and follow up"))
        elif transition.name == "assess":
            self._med_ask(self.env._("Decide about the recall"))
        elif transition.name in ("refuse", "terminate"):
            self.sudo().activity_ids.unlink()

    def _med_tell(self, text):
        """Send a message to the coordinator, warehouse, quality assurance, regulatory affairs."""
        partners = self.sudo()._med_people().partner_id
        self.sudo().message_notify(
            partner_ids=partners.ids, subject=self.display_name, body=text,
            email_layout_xmlid="mail.mail_notification_light")
        self.sudo()._message_log(body=text)

    def _med_people(self):
        groups = [self.env.ref(f"med_base.med_base_group_{role}").id for role in TOLD]
        return self.env["res.users"].search(
            Domain("share", "=", False) & Domain("company_ids", "in", self.company_id.ids)
            & (Domain("all_group_ids", "in", groups) | Domain("id", "=", self.owner_id.id)))

    def _med_ask(self, summary):
        """Give the coordinator what is to be done next; what he was asked before is past."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        self.sudo().activity_ids.filtered(lambda one: one.activity_type_id == todo).unlink()
        if self.owner_id:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.owner_id.id, summary=summary)
