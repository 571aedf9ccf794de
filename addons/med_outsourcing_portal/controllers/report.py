import secrets

from odoo import fields
from odoo.addons.med_outsourcing.exceptions import ReportRefused
from odoo.addons.med_outsourcing.tools.report import NotPlain, deviations, plain
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import UserError
from odoo.http import request, route
from werkzeug.exceptions import NotFound

from ..tools import form as forms
from ..tools import upload
from .common import (
    amount,
    back,
    granted,
    own_order,
    sent_files,
    sentence,
    shown,
    typed,
    zone_of,
)

MOST_BODY = 64 * 1024 * 1024
UNDER = ("started", "finished")
"""What may be said of another revision, under a deviation that we granted."""
PARTS = {
    "acknowledged": ("revision",),
    "declined": ("why",),
    "received": ("sent",),
    "started": ("equipment",),
    "step": ("operation", "equipment", "parameters"),
    "result": ("operation", "equipment", "parameters", "lots"),
    "finished": ("lots", "used"),
    "shipped": ("lots",),
    "note": ("why",),
}
"""What a page asks for, beside time, person, note and files."""


class ProcessorReport(CustomerPortal):
    """One page for each thing that a processor reports, and one way in: the order's own method.

    What is refused comes back as it was typed, with the sentence at the field. The number of the
    report is made with the page: sent twice, it is one report.
    """

    @route("/my/processor/orders/<int:number>/<string:kind>", type="http", auth="user",
           website=True, methods=["GET"], sitemap=False)
    def processor_report_form(self, number, kind, supersedes="", **_unknown):
        """Show the page of a kind of report, empty, or filled with the one to be corrected."""
        order = self._order(number, kind)
        return self._page(order, kind, self._start(order, kind, supersedes))

    @route("/my/processor/orders/<int:number>/<string:kind>", type="http", auth="user",
           website=True, methods=["POST"], sitemap=False, max_content_length=MOST_BODY)
    def processor_report(self, number, kind, **form):
        """Take a report."""
        order = self._order(number, kind)
        if form.get("more"):
            return self._page(order, kind, form, more=True)
        errors, files = {}, []
        try:
            said = forms.read(kind, form, zone_of(order.company_id),
                              order._med_begin_parameters(forms.text(form, "operation")),
                              order._med_begin_products().ids)
            files = sent_files()
        except forms.FormError as error:
            errors[error.name] = sentence(error.code)
        except UserError as error:
            errors["files"] = str(error.args[0])
        if not errors:
            errors = self._unsure(order, kind, form, said) or self._send(order, said, files)
        if errors:
            return self._page(order, kind, form, errors)
        return request.redirect(f"{back(order)}?done=1", code=303)

    # ------------------------------------------------------------------ taking

    def _order(self, number, kind):
        if kind not in PARTS:
            raise NotFound()
        return own_order(number)

    def _unsure(self, order, kind, form, said):
        """Return what is to be confirmed first: a revision, a value that is out of its limits."""
        _ = request.env._
        report = said.report
        if kind == "acknowledged" and not form.get("agreed"):
            return {"agreed": _("Tick that you make to this revision, or decline the order.")}
        if kind in ("declined", "note") and not report.get("note"):
            return {"note": sentence("missing")}
        return {} if form.get("outside") else self._departing(order, said)

    def _departing(self, order, said):
        """Return what was typed and not ordered so, by field: true values are taken, after a
        second look."""
        _ = request.env._
        words = {
            "outside": _("Out of the limits %s. Check it."),
            "unknown": _("This is no parameter of the order. Check it."),
            "unit": _("The order has this in another unit: %s. Check it."),
            "unreadable": _("This is no number, and the order has limits: %s. Check it."),
            "step": _("This step is not in the order. Check it."),
        }
        errors = {}
        try:
            found = deviations(order.contract or {}, plain(said.report))
        except NotPlain:
            return {}  # the order says what is wrong with it, and where
        for code, name, _value, limits in found:
            row = said.row_of("parameters", name)
            place = "operation" if code == "step" or row is None else f"param_value_{row}"
            errors[place] = words[code] % limits if "%s" in words[code] else words[code]
        if errors:
            errors["outside"] = _("What you typed is not as ordered.")
        return errors

    def _send(self, order, said, files):
        """Report, and return what was refused by the name of its field."""
        try:
            with request.env.cr.savepoint():
                order._med_portal_report(said.report, files)
        except ReportRefused as error:
            return {said.field_of(error.pointer) or "": str(error.args[0])}
        except UserError as error:
            return {"": str(error.args[0])}
        return {}

    # ------------------------------------------------------------------ the page

    def _page(self, order, kind, form, errors=None, more=False):
        errors = errors or {}
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        asked = order._med_begin_parameters(values.get("operation", ""))
        rows = {part: self._rows(values, *names, more=more) for part, names in (
            ("lots", ("lot_name", "lot_quantity")),
            ("used", ("used_lot", "used_quantity")),
            ("parameters", ("param_name", "param_value")))}
        asks = {*PARTS[kind], *(("lots",) if "sent" in PARTS[kind] else ())}
        deviations = granted(order) if kind in UNDER else []
        known = {"agreed", "outside", "files", "note", "time", "person",
                 *(("deviation", "made_to") if deviations else ()),
                 *({"operation", "equipment"} & asks)} | {
                     f"{name}_{row}" for part, names in forms.COLUMNS.items() if part in asks
                     for name in names.values() for row in rows[part]}
        top = [told for name, told in errors.items() if name not in known]
        kinds = dict(request.env["med.outsourcing.event"]._fields[
            "kind"]._description_selection(request.env))
        response = request.render("med_outsourcing_portal.report", {
            **self._prepare_portal_layout_values(),
            "med_order": order, "kind": kind, "kinds": kinds,
            "parts": PARTS[kind], "values": values, "errors": errors, "top": top, "rows": rows,
            "deviations": deviations,
            "asked": {one["name"]: one for one in asked}, "amount": amount, "shown": shown,
            "page_name": "med_processor_report", "accept": upload.ACCEPT,
            "operations": order._med_begin_operations(), "outcomes": self._outcomes(kind),
            "products": order._med_begin_products(), "lots": order._med_portal_lot_names(),
            "zone": zone_of(order.company_id).zone, "most": upload.MOST_BYTES // 1024 // 1024,
            "now": typed(fields.Datetime.now(), order.company_id), "back": back(order)})
        response.status_code = 422 if errors else 200
        return response

    def _rows(self, values, *names, more):
        found = forms.rows_of(values, *names)
        last = found[-1] + 1 if found else 0
        size = max(last + (forms.ROWS if more else 0), forms.ROWS)
        return range(min(size, forms.MOST_ROWS))

    def _outcomes(self, kind):
        names = dict(request.env["med.outsourcing.event.lot"]._fields[
            "outcome"]._description_selection(request.env))
        keys = ("good", "reject") if kind in ("received", "shipped") else forms.OUTCOMES
        return [(key, names[key]) for key in keys]

    def _start(self, order, kind, supersedes):
        values = {
            "reference": f"P{secrets.token_hex(8)}", "person": request.env.user.name,
            "time": typed(fields.Datetime.now(), order.company_id),
            "revision": order.revision or "", "operation": "",
        }
        operations = order._med_begin_operations()
        if "operation" in PARTS[kind] and operations:
            values["operation"] = request.params.get("operation") or operations[0]
        old = order.event_ids.filtered(
            lambda one: one.kind == kind and one.reference == supersedes and not one.superseded)
        if old:
            values |= self._again(old, order)
        else:
            values |= self._proposed(order, kind, values["operation"])
        return values

    def _again(self, old, order):
        """Return an event as the fields of its page."""
        values = {
            "supersedes": old.reference, "person": old.person or "", "note": old.note or "",
            "operation": old.operation or "", "equipment": old.equipment or "",
            "time": typed(old.event_time, order.company_id)}
        if old.deviation_id and old.revision != order.revision:
            values |= {"deviation": old.deviation_id.name, "made_to": old.revision}
        good = old.lot_ids.filtered(lambda one: one.outcome != "used")
        for row, one in enumerate(good):
            values |= {f"lot_name_{row}": one.lot_name, f"lot_outcome_{row}": one.outcome,
                       f"lot_quantity_{row}": amount(one.quantity)}
            if old.kind == "received" and order.kind == "make":
                values[f"lot_product_{row}"] = one.product_id.id
        for row, one in enumerate(old.lot_ids - good):
            values |= {f"used_lot_{row}": one.lot_name, f"used_product_{row}": one.product_id.id,
                       f"used_quantity_{row}": amount(one.quantity)}
        for row, one in enumerate(old.parameters or ()):
            values |= {f"param_name_{row}": one.get("name", ""),
                       f"param_value_{row}": amount(one.get("value")),
                       f"param_unit_{row}": one.get("unit") or ""}
        return {name: str(value) for name, value in values.items()}

    def _proposed(self, order, kind, operation):
        """Return the rows that are to be filled in: the lots, the parameters as ordered."""
        values = {}
        if {"lots", "sent"} & set(PARTS[kind]):
            for row, one in enumerate(order._med_begin_lots(kind)):
                values |= {f"lot_name_{row}": one["lot"], f"lot_quantity_{row}": (
                    amount(one["quantity"]) if kind in ("received", "shipped") else "")}
                if kind == "received" and order.kind == "make":
                    values[f"lot_product_{row}"] = str(one["product_id"])
        if "used" in PARTS[kind]:
            for row, one in enumerate(order._med_begin_components()):
                values |= {f"used_product_{row}": str(one["product"]),
                           f"used_lot_{row}": one["lot"], f"used_quantity_{row}": ""}
        if "parameters" in PARTS[kind]:
            for row, one in enumerate(order._med_begin_parameters(operation)):
                values |= {f"param_name_{row}": one["name"], f"param_value_{row}": "",
                           f"param_unit_{row}": one.get("unit") or ""}
        return values
