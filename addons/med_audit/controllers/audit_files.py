import re

from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, content_disposition, request, route

from ..models.med_audit_entry_export import MIMETYPES


class AuditFiles(Controller):
    """Copies of the audit trail as files; ``med.audit.entry.export`` decides who gets what.

    Making a copy writes an entry, so it is asked for by POST with the token of the session.
    """

    @route("/med/audit.<any(pdf,csv,zip,set):form>", type="http", auth="user", methods=["POST"])
    def audit_file(self, form, model="", res_id="0", date_from="", date_to="", **_unknown):
        """Return a copy, or one sentence that says what is wrong."""
        entries = request.env["med.audit.entry"]
        try:
            if not re.fullmatch(r"[0-9]{1,9}", res_id or "0", re.ASCII):
                raise UserError(request.env._("res_id must be the id of a record."))
            name, data, _count = entries._export(form, {
                "model": model, "res_id": int(res_id or 0), "date_from": date_from,
                "date_to": date_to})
        except (AccessError, UserError) as error:
            return request.make_response(
                str(error.args[0]), headers=[("Content-Type", "text/plain; charset=utf-8")],
                status=403 if isinstance(error, AccessError) else 400)
        return request.make_response(data, headers=[
            ("Content-Type", MIMETYPES[form]), ("Content-Length", len(data)),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])
