import secrets

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route
from werkzeug.exceptions import NotFound

from ..tools import form as forms
from .common import ROOT, amount, back, granted, own_order, processors, sentence
from .pages import ProcessorPages

FIRST = 500
WAITING = ("issued", "disputed")
QUANTITIES = ("opening", "late", "sent", "made", "used", "scrapped", "returned", "adjusted",
              "closing")


class ProcessorSigning(ProcessorPages):
    """What a processor signs, each time with his password: statements, and his own releases."""

    def _home_extra(self, mine):
        return {**super()._home_extra(mine), "to_sign": request.env[
            "med.outsourcing.statement"].sudo().search(
                [("processor_id", "in", mine.ids), ("state", "in", WAITING)], limit=20)}

    # ------------------------------------------------------------------ statements

    @route(f"{ROOT}/statements/<int:number>", type="http", auth="user", website=True,
           methods=["GET"], sitemap=False)
    def processor_statement(self, number, done="", **_unknown):
        """Show a statement of quantities."""
        return self._statement_page(self._statement(number), {}, done=done)

    @route(f"{ROOT}/statements/<int:number>", type="http", auth="user", website=True,
           methods=["POST"], sitemap=False)
    def processor_statement_sign(self, number, **form):
        """Sign that it is right, or that it is not, and why."""
        statement, errors = self._statement(number), {}
        meaning, note = form.get("meaning"), forms.text(form, "note", forms.LONG)
        if meaning not in ("agreed", "refused"):
            errors["meaning"] = sentence("missing")
        elif meaning == "refused" and not note:
            errors["note"] = sentence("missing")
        elif forms.text(form, "digest") != statement.paper_digest:
            errors[""] = request.env._("The statement has changed. Read it again before you sign.")
        if not errors:
            errors = self._sign(statement.processor_id, form, lambda: (statement, meaning, note))
        if errors:
            return self._statement_page(statement, form, errors)
        return request.redirect(f"{ROOT}/statements/{statement.id}?done=1", code=303)

    @route(f"{ROOT}/statements/<int:number>/statement.pdf", type="http", auth="user",
           methods=["GET"], sitemap=False)
    def processor_statement_pdf(self, number, **_unknown):
        """Send a statement as a PDF."""
        statement = self._statement(number)
        return request.make_response(statement._med_paper_pdf(), [
            ("Content-Type", "application/pdf"), ("Cache-Control", "private, no-store"),
            ("Content-Disposition", content_disposition(f"{statement.name}.pdf"))])

    def _statement(self, number):
        mine = processors()
        found = request.env["med.outsourcing.statement"].sudo().search(
            Domain("id", "=", number) & Domain("processor_id", "in", mine.ids)
            & Domain("state", "in", (*WAITING, "agreed")))
        if not found:
            raise NotFound()
        return found.with_company(found.company_id)

    def _statement_page(self, statement, form, errors=None, done=""):
        lines = statement.line_ids[:FIRST]
        used = [name for name in QUANTITIES if name in ("opening", "closing")
                or any(line[name] for line in lines)]
        words = lines.fields_get(QUANTITIES, ["string"])
        return self._signing_page("med_outsourcing_portal.statement", form, errors, {
            "statement": statement, "lines": lines, "more_lines": statement.line_count - FIRST,
            "columns": [(name, words[name]["string"]) for name in used], "done": done == "1",
            "waits": statement.state in WAITING,
            "given": statement.signature_ids.filtered(lambda one: one.status == "valid")
            if "status" in statement.signature_ids._fields else statement.signature_ids})

    # ------------------------------------------------------------------ production release

    @route(f"{ROOT}/orders/<int:number>/release", type="http", auth="user", website=True,
           methods=["GET"], sitemap=False)
    def processor_release(self, number, **_unknown):
        """Show the page of a production release."""
        order = own_order(number)
        values = {"reference": f"P{secrets.token_hex(8)}", "revision": order.revision or "",
                  **order._med_portal_made_under()}
        for row, one in enumerate(order._med_portal_finished()):
            values |= {f"lot_name_{row}": one["lot"],
                       f"lot_quantity_{row}": amount(one["quantity"])}
        return self._release_page(order, values)

    @route(f"{ROOT}/orders/<int:number>/release", type="http", auth="user", website=True,
           methods=["POST"], sitemap=False)
    def processor_release_sign(self, number, **form):
        """Sign a production release."""
        order = own_order(number)
        if form.get("more"):
            return self._release_page(order, form, more=True)
        try:
            lots, (revision, deviation) = forms.lots_of(form), forms.made_to(form)
        except forms.FormError as error:
            return self._release_page(order, form, {error.name: sentence(error.code)})
        if not lots:
            return self._release_page(order, form, {"lot_name_0": sentence("missing")})
        reference = forms.text(form, "reference", 40)
        order._med_lock()
        if not order.event_ids.filtered(lambda one: one.reference == reference):
            errors = self._sign(
                order.processor_id, form,
                lambda: (order._med_portal_prepare(
                    lots, revision, forms.text(form, "note", forms.LONG), deviation),
                    "released", ""),
                lambda release: order._med_portal_released(release, reference))
            if errors:
                return self._release_page(order, form, errors)
        return request.redirect(f"{back(order)}?done=signed", code=303)

    def _release_page(self, order, form, errors=None, more=False):
        found = forms.rows_of(form, "lot_name")
        last = (found[-1] + 1 if found else 1) + (forms.ROWS if more else 0)
        return self._signing_page("med_outsourcing_portal.release", form, errors, {
            "med_order": order, "rows": range(min(last, forms.MOST_ROWS)), "back": back(order),
            "deviations": granted(order),
            "lots": order._med_portal_lot_names()})

    # ------------------------------------------------------------------ what both do

    def _sign(self, processor, form, prepare, after=lambda _record: None):
        """Sign, or return what was refused; nothing is left of what was refused."""
        secret = str(form.get("secret") or "")
        if not secret or "\0" in secret:
            return {"secret": sentence("missing")}
        try:
            with request.env.cr.savepoint():
                record, meaning, note = prepare()
                processor.sudo()._med_sign(
                    record, meaning, method="portal", secret=secret,
                    code=forms.text(form, "code", 10), by="password", note=note)
                after(record)
        except UserError as error:
            return {"": str(error.args[0])}
        return {}
