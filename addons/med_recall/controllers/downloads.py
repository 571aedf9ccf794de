from odoo.addons.med_audit.exported import exported, named
from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


class RecallDownloads(Controller):
    """The file of a recall on paper; the model decides who may see what."""

    @route("/med/recall.pdf", type="http", auth="user", methods=["GET"])
    def recall_pdf(self, recall_id="", **_unknown):
        """Return everything that one recall says, with its signatures, as a PDF."""
        def file():
            record = named("med.recall", recall_id)
            if not record:
                raise AccessError(request.env._(
                    "This recall does not exist, or you may not read it."))
            return exported(record, record._med_pdf(), f"{record.name.replace('/', '-')}.pdf")
        return file_answer(file)
