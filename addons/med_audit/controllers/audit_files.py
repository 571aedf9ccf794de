import re

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..models.med_audit_entry_export import MIMETYPES


class AuditFiles(Controller):
    """Copies of the audit trail as files; ``med.audit.entry.export`` decides who gets what.

    Making a copy writes an entry, so it is asked for by POST with the token of the session.
    """

    @route("/med/audit.<any(pdf,csv,zip,set):form>", type="http", auth="user", methods=["POST"])
    def audit_file(self, form, model="", res_id="0", date_from="", date_to="", **_unknown):
        """Return a copy, or one sentence that says what is wrong."""
        def make():
            if not re.fullmatch(r"[0-9]{1,9}", res_id or "0", re.ASCII):
                raise UserError(request.env._("res_id must be the id of a record."))
            name, data, _count = request.env["med.audit.entry"]._export(form, {
                "model": model, "res_id": int(res_id or 0), "date_from": date_from,
                "date_to": date_to})
            return data, name, MIMETYPES[form]
        return file_answer(make)
