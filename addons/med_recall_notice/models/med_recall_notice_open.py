from odoo import models


class MedRecallNotice(models.Model):
    """The buttons of notices."""

    _inherit = "med.recall.notice"

    def action_send(self):
        self.send()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_remind(self):
        self.remind()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_posted(self):
        self.mark_posted()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_print(self):
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/recall_letters.pdf?notices={','.join(map(str, self.ids))}"}

    def action_close(self):
        title = self.env._("Give Up")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "close", "arguments": {}}}

    def action_call(self):
        return {"type": "ir.actions.act_window", "name": self.env._("Note a Call"),
                "res_model": "med.recall.call", "view_mode": "form", "target": "new",
                "context": {"default_notice_id": self.id}}
