import secrets

from odoo import fields
from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request, route

from ..tools import form as forms
from ..tools import upload
from .common import (
    ROOT,
    back,
    own_order,
    processors,
    sent_files,
    sentence,
    typed,
    zone_of,
)
from .report import MOST_BODY


class ProcessorProblem(CustomerPortal):
    """Something does not conform: said in one sentence, with a photo, and the lots are held."""

    @route(f"{ROOT}/problem", type="http", auth="user", website=True, methods=["GET"],
           sitemap=False)
    def processor_problem_form(self, order="", **_unknown):
        """Show the page."""
        found = own_order(int(order)) if order.isdecimal() else None
        company = found.company_id if found else processors()[:1].company_id
        return self._problem_page({
            "reference": f"P{secrets.token_hex(8)}", "order": str(found.id) if found else "",
            "time": typed(fields.Datetime.now(), company), "person": request.env.user.name})

    @route(f"{ROOT}/problem", type="http", auth="user", website=True, methods=["POST"],
           sitemap=False, max_content_length=MOST_BODY)
    def processor_problem(self, **form):
        """Take it."""
        if form.get("more"):
            return self._problem_page(form, more=True)
        errors = {}
        for name in ("order", "summary"):
            if not forms.text(form, name):
                errors[name] = sentence("missing")
        if not errors:
            number = forms.text(form, "order")
            order = own_order(int(number) if number.isdecimal() else 0)
            errors = self._take(order, form)
        if errors:
            return self._problem_page(form, errors)
        return request.redirect(f"{back(order)}?done=problem", code=303)

    def _take(self, order, form):
        try:
            said = forms.read("note", form, zone_of(order.company_id))
            files = sent_files()
        except forms.FormError as error:
            return {error.name: sentence(error.code)}
        except UserError as error:
            return {"files": str(error.args[0])}
        rows = self._lots_of(form, said)
        try:
            with request.env.cr.savepoint():
                order._med_portal_problem(
                    said.report["reference"], forms.text(form, "summary"),
                    forms.text(form, "description", forms.LONG), said.report["time"], rows, files,
                    said.report.get("person", ""))
        except ReportRefused as error:
            return {said.field_of(error.pointer) or "": str(error.args[0])}
        except UserError as error:
            return {"": str(error.args[0])}
        return {}

    def _lots_of(self, form, said):
        """Return the lots named; all of a lot is held, however much of it is concerned."""
        amounts = {one["lot"]: one["quantity"] for one in said.report.get("lots", ())}
        names = [forms.text(form, f"lot_name_{row}") for row in forms.rows_of(form, "lot_name")]
        return [{"lot": name, "quantity": amounts.get(name, 0)} for name in names if name]

    def _problem_page(self, form, errors=None, more=False):
        errors, mine = errors or {}, processors()
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        Orders = request.env["med.outsourcing.order"].sudo()
        orders = Orders.search(Orders._med_portal_domain(mine), limit=200)
        found = forms.rows_of(values, "lot_name")
        last = (found[-1] + 1 if found else 0) + (forms.ROWS if more else 0)
        company = mine[:1].company_id
        response = request.render("med_outsourcing_portal.problem", {
            **self._prepare_portal_layout_values(), "values": values, "errors": errors,
            "page_name": "med_processor_problem", "accept": upload.ACCEPT,
            "orders": [("", ""), *((one.id, f"{one.name}  {one._med_portal_product()}")
                                   for one in orders)],
            "lots": mine._med_portal_lots(limit=500).mapped("name"), "zone": zone_of(company).zone,
            "rows": range(min(max(last, 2), forms.MOST_ROWS)),
            "most": upload.MOST_BYTES // 1024 // 1024,
            "now": typed(fields.Datetime.now(), company)})
        response.status_code = 422 if errors else 200
        return response
