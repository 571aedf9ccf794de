from odoo.addons.med_audit.exported import exported, named, number_of
from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route
from odoo.tools.pdf import merge_pdf

MOST, AT_ONCE = 500, 20


class RecallDownloads(Controller):
    """Letters to be posted, and a distributor's answer, as files."""

    @route("/med/recall_letters.pdf", type="http", auth="user", methods=["GET"])
    def letters(self, notices="", **_unknown):
        """Return the letters of notices as one file; ``notices``: ids joined by commas."""
        def make():
            wanted = list(filter(None, map(number_of, notices.split(","))))
            found = request.env["med.recall.notice"].search([("id", "in", wanted[:MOST])])
            if not found or len(found) != len(wanted):
                raise AccessError(request.env._(
                    "One of these notices does not exist, or you may not read it."))
            todo = found.filtered(lambda one: one.letter_id and not one.sudo().pdf_id)
            if len(todo) > AT_ONCE or not all(found.mapped("letter_id")):
                raise UserError(request.env._(
                    "The letters are still being made: send them off first, then try again."))
            todo._med_make_pdfs()
            data = merge_pdf([one.raw for one in found.sudo().pdf_id])
            return exported(found[0], data, "recall_letters.pdf", records=len(found))
        return file_answer(make)

    @route("/med/recall_answer.pdf", type="http", auth="user", methods=["GET"])
    def answer_maker(self, recall="", **_unknown):
        """Return what a distributor answers to the maker."""
        def make():
            record = named("med.recall", recall)
            if not record:
                raise AccessError(request.env._(
                    "This recall does not exist, or you may not read it."))
            return exported(
                record, record._med_answer_maker_pdf(), "recall_answer.pdf", records=1)
        return file_answer(make)
