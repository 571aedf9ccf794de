from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError

UPLOADED_FOR = (False, "med.recall.account.settle")


class MedRecallPaperMixin(models.AbstractModel):
    """Photos and papers of what became of units. The certificate of an incinerator comes weeks
    after the signatures: files are added at any time, and stay as they are."""

    _name = "med.recall.paper.mixin"
    _description = "Record With Photos and Papers"

    attachment_ids = fields.Many2many("ir.attachment", string="Photos and Papers", copy=False,
                                      ondelete="restrict")

    def write(self, vals):
        if "attachment_ids" not in vals:
            return super().write(vals)
        for recall in self.recall_id:
            recall._med_check_settler()
        before = {one: one.sudo().attachment_ids for one in self}
        result = super().write(vals)
        for one, had in before.items():
            now = one.sudo().attachment_ids
            if had - now and one._med_papers_stay():
                raise AccessError(self.env._(
                    "%s: photos and papers are added, never taken away.", one.display_name))
            one._med_take_papers(now - had)
        return result

    def _med_papers_stay(self):
        """Return whether no file is taken away any more."""
        return True

    def _med_take_papers(self, files):
        """Make files those of these records; a person adds what he has uploaded for it alone."""
        files = files.sudo()
        if files.filtered(lambda one: one.create_uid != self.env.user or (
                one.res_id and (one.res_model, one.res_id) != (self._name, self[:1].id)) or (
                one.res_model not in (*UPLOADED_FOR, self._name))):
            raise AccessError(self.env._("A photo or paper is a file that you have uploaded here."))
        if files:  # who may read the record may read them
            with permit(files._name, files.ids, "paper"):
                files.write({"res_model": self._name, "res_id": self[0].id})
