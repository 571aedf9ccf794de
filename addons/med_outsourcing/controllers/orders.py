import re
from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


class OutsourcingDownloads(Controller):
    """Orders to processors as files; the model decides who may see what."""

    @route("/med/outsourcing_order.pdf", type="http", auth="user", methods=["GET"])
    def order_pdf(self, order_id="", **_unknown):
        """Return an order to a processor on paper, its data embedded."""
        return file_answer(lambda: self._file(order_id))

    def _file(self, text):
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0
        order = request.env["med.outsourcing.order"].search([("id", "=", number)])
        if not order:
            raise AccessError(request.env._(
                "This order does not exist, or you may not read it."))
        data, name = order._med_order_pdf(), re.sub(r"[^\w.-]+", "_", order.name) + ".pdf"
        request.env["med.audit.entry"]._record_event("export", order, {
            "file": name, "sha256": sha256(data).hexdigest()})
        return data, name, "application/pdf"
