import re
from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

PDF = "application/pdf"


class ProcessorDownloads(Controller):
    """Agreements and the list of processors as files; the models decide who may see what."""

    @route("/med/quality_agreement.pdf", type="http", auth="user", methods=["GET"])
    def agreement(self, agreement_id="", **_unknown):
        """Return a quality agreement on paper."""
        def file():
            number = int(agreement_id) if re.fullmatch(r"[0-9]{1,9}", agreement_id, re.ASCII) else 0
            agreement = request.env["med.quality.agreement"].search([("id", "=", number)])
            if not agreement:
                raise AccessError(request.env._(
                    "This agreement does not exist, or you may not read it."))
            data = agreement._med_pdf()
            number = re.sub(r"[^\w.-]+", "_", agreement.name)
            name = f"quality_agreement_{number}.pdf"
            self._note(agreement, name, data)
            return data, name, PDF
        return file_answer(file)

    @route("/med/approved_processors.pdf", type="http", auth="user", methods=["GET"])
    def approved_processors(self, **_unknown):
        """Return the list of approved processors on paper."""
        def file():
            data, name = request.env["med.processor"]._med_list_pdf(), "approved_processors.pdf"
            self._note(None, name, data)
            return data, name, PDF
        return file_answer(file)

    def _note(self, record, name, data):
        request.env["med.audit.entry"]._record_event(
            "export", record, {"file": name, "sha256": sha256(data).hexdigest()})
