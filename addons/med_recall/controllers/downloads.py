import re
from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


class RecallDownloads(Controller):
    """The file of a recall on paper; the model decides who may see what."""

    @route("/med/recall.pdf", type="http", auth="user", methods=["GET"])
    def recall_pdf(self, recall_id="", **_unknown):
        """Return everything that one recall says, with its signatures, as a PDF."""
        def file():
            number = int(recall_id) if re.fullmatch(r"[0-9]{1,9}", recall_id, re.ASCII) else 0
            record = request.env["med.recall"].search([("id", "=", number)])
            if not record:
                raise AccessError(request.env._(
                    "This recall does not exist, or you may not read it."))
            data, name = record._med_pdf(), f"{record.name.replace('/', '-')}.pdf"
            request.env["med.audit.entry"]._record_event("export", record, {
                "file": name, "sha256": sha256(data).hexdigest()})
            return data, name, "application/pdf"
        return file_answer(file)
