from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError


class MedChangeNotice(models.Model):
    """Documents that the partner reads with a notice; as fixed as its words once he was told."""

    _inherit = "med.change.notice"

    document_ids = fields.Many2many(
        "ir.attachment", "ir_attachment_med_change_notice_rel", "notice_id", "attachment_id",
        "Documents the Partner Reads", copy=False, ondelete="restrict",
        help="Drawings, specifications, comparisons: the processor opens them in the portal. They "
             "are not sent by message.")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        notices = super().create([{"document_ids": [], **vals} for vals in vals_list])
        for notice in notices:
            notice._med_take_documents(notice.sudo().document_ids)
        return notices

    def write(self, vals):
        if "document_ids" not in vals:
            return super().write(vals)
        if fixed := self.filtered(lambda one: one.state != "planned"):
            raise UserError(self.env._(
                "%s: the partner was told: documents are neither added nor taken away.",
                fixed[0].name))
        before = {one: one.sudo().document_ids for one in self}
        done = super().write(vals)
        for one, had in before.items():
            one._med_take_documents(one.sudo().document_ids - had)
        return done

    def _med_take_documents(self, files):
        """Make files those of this notice: a person tells what he has uploaded for it, and no file
        of another record."""
        files = files.sudo()
        if not files:
            return
        if files.filtered(lambda one: one.type != "binary" or one.res_field or (
                not self.env.su and one.create_uid != self.env.user) or (
                one.res_id and (one.res_model, one.res_id) != (self._name, self.id)) or (
                one.res_model not in (False, self._name))):
            raise AccessError(self.env._(
                "A document of a notice is a file that you have uploaded here."))
        with permit(files._name, files.ids, "change document"):
            files.write({"res_model": self._name, "res_id": self.id, "public": False,
                         "access_token": False})
