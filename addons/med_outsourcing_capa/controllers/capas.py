from odoo import fields
from odoo.addons.med_outsourcing_portal.controllers.common import (
    ROOT,
    in_words,
    own,
    processors,
    saved_file,
    sent_files,
    sentence,
)
from odoo.addons.med_outsourcing_portal.controllers.pages import FEW, STEP, ProcessorPages
from odoo.addons.med_outsourcing_portal.controllers.report import MOST_BODY
from odoo.addons.med_outsourcing_portal.tools import form as forms
from odoo.addons.med_outsourcing_portal.tools import upload
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from ..tools import answer as answers

ROWS = 3


def own_request(number):
    """Return a request to the person signed in, or a CAPA of its own."""
    return own("med.capa.request", number)


class ProcessorCapas(ProcessorPages):
    """Requests for corrective action, and the answer, signed with the person's password."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "med_capa_request_count" in counters:
            mine = request.env["med.processor"]._med_of_user(request.env.user)
            Requests = request.env["med.capa.request"].sudo()
            values["med_capa_request_count"] = Requests.search_count(
                self._capa_waiting(mine)) if mine else 0
        return values

    def _home_extra(self, mine):
        Requests, waiting = request.env["med.capa.request"].sudo(), self._capa_waiting(mine)
        return {**super()._home_extra(mine), "capa_count": Requests.search_count(waiting),
                "capas": Requests.search(waiting, order="date_due, id desc", limit=FEW)}

    def _order_extra(self, order):
        Requests = request.env["med.capa.request"].sudo()
        coming = self._capa_waiting(order.processor_id)
        return {**super()._order_extra(order), "capas": Requests.search(
            coming & (Domain("order_id", "=", order.id)
                      | Domain("lot_ids", "in", order.line_ids.lot_id.ids)),
            order="date_due, id desc")}

    def _capa_waiting(self, mine):
        Requests = request.env["med.capa.request"]
        return Requests._med_portal_domain(mine) & Requests._med_portal_open()

    # ------------------------------------------------------------------ the list

    @route([f"{ROOT}/capas", f"{ROOT}/capas/page/<int:page>"], type="http", auth="user",
           website=True, methods=["GET"], sitemap=False)
    def processor_capas(self, page=1, sortby="newest", filterby="all", search="", **_unknown):
        """List the requests, and what was told of own CAPAs."""
        mine = processors()
        filters, sortings = self._capa_filters(mine), self._capa_sortings()
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "newest"
        domain = filters[filterby]["domain"] & in_words(
            search, "name", "their_number", "title", "problem", "lot_ids.name", "product_ids.name")
        Requests = request.env["med.capa.request"].sudo()
        return self._list_page(
            "med_outsourcing_capa.capas", "capas", lambda limit, offset: {
                "capas": Requests.search(domain, order=sortings[sortby]["order"], limit=limit,
                                         offset=offset)},
            Requests.search_count(domain),
            {"sortby": sortby, "filterby": filterby, "search": search}, page, STEP,
            page_name="med_processor_capas", searchbar_sortings=sortings,
            searchbar_filters=filters)

    def _capa_filters(self, mine):
        _ = request.env._
        base = request.env["med.capa.request"]._med_portal_domain(mine)
        waiting = self._capa_waiting(mine)
        today = fields.Date.context_today(request.env.user)
        return {
            "all": {"label": _("All"), "domain": base},
            "open": {"label": _("To answer"), "domain": waiting},
            "late": {"label": _("Late"), "domain": waiting & Domain("date_due", "<", today)},
            "returned": {"label": _("Sent back"), "domain": base & Domain(
                "state", "=", "returned")},
            "accepted": {"label": _("Accepted"), "domain": base & Domain(
                "state", "=", "accepted")},
            "own": {"label": _("Our own"), "domain": base & Domain("direction", "=", "in")},
        }

    def _capa_sortings(self):
        _ = request.env._
        return {"newest": {"label": _("Newest"), "order": "id desc"},
                "due": {"label": _("Due first"), "order": "date_due, id desc"}}

    # ------------------------------------------------------------------ one request

    @route(f"{ROOT}/capas/<int:number>", type="http", auth="user", website=True,
           methods=["GET"], sitemap=False)
    def processor_capa(self, number, done="", again="", **_unknown):
        """Show a request, or an own CAPA."""
        return self._capa_form(own_request(number), {}, done=done == "1", again=again == "1")

    @route(f"{ROOT}/capas/<int:number>", type="http", auth="user", website=True,
           methods=["POST"], sitemap=False, max_content_length=MOST_BODY)
    def processor_capa_answer(self, number, **form):
        """Sign an answer, or what is new of an own CAPA."""
        one = own_request(number)
        if form.get("more"):
            return self._capa_form(one, form, again=True, more=True)
        errors = self._capa_take(one, form)
        if errors:
            return self._capa_form(one, form, errors, again=True)
        return request.redirect(f"{ROOT}/capas/{one.id}?done=1", code=303)

    def _capa_take(self, one, form):
        """Keep the answer, or return what was refused by the name of its field."""
        _, Requests = request.env._, request.env["med.capa.request"]
        told, files, secret, errors = self._capa_read(form)
        if errors:
            return errors
        if forms.text(form, "digest") != one._med_portal_digest():
            return {"": _("The request has changed. Read it again before you answer.")}
        processor = one._med_portal_processor() & processors()
        code = forms.text(form, "code", 10)
        try:
            with request.env.cr.savepoint():
                if one.direction == "in":
                    said = answers.own({**form, "number": one.their_number,
                                        "title": one.title})
                    Requests._med_portal_tell(processor, {
                        "their_number": one.their_number, "their_state": said["state"],
                        "title": one.title}, told, files, secret, code, one)
                else:
                    one._med_portal_answer(processor, told, files, secret, code)
        except forms.FormError as error:
            return {error.name: sentence(error.code)}
        except UserError as error:
            return {"": str(error.args[0])}
        return {}

    def _capa_read(self, form):
        """Return ``(told, files, secret, errors)`` of what was typed."""
        try:
            told, files = answers.read(form), sent_files()
        except forms.FormError as error:
            return {}, [], "", {error.name: self._capa_sentence(error)}
        except UserError as error:
            return {}, [], "", {"files": str(error.args[0])}
        secret = str(form.get("secret") or "")
        errors = {} if secret and "\0" not in secret else {"secret": sentence("missing")}
        return told, files, secret, errors

    def _capa_sentence(self, error):
        if error.code == "day":
            return request.env._("Write a day like 2026-03-31.")
        return sentence(error.code)

    def _capa_page(self, template, form, errors, more, values):
        """Return a page on which an answer, or an own CAPA, is written."""
        found = forms.rows_of(form, *answers.COLUMNS)
        last = (found[-1] + 1 if found else 0) + (ROWS if more else 0)
        return self._signing_page(template, form, errors, {
            "rows": range(min(max(last, ROWS), forms.MOST_ROWS)), "accept": upload.ACCEPT,
            "most": upload.MOST_BYTES // 1024 // 1024, "kinds": request.env[
                "med.capa.request.action"]._fields["kind"]._description_selection(request.env),
            "states": request.env["med.capa.request"]._fields[
                "their_state"]._description_selection(request.env), **values})

    def _capa_form(self, one, form, errors=None, done=False, again=False, more=False):
        waits = one._med_portal_waits()
        asks = waits and (again or one.state in ("sent", "returned"))
        return self._capa_page(
            "med_outsourcing_capa.capa",
            form or {**one._med_portal_typed(), "state": one.their_state or ""}, errors, more, {
                "capa": one, "page_name": "med_processor_capa", "done": done, "waits": waits,
                "asks": asks, "given": one._med_portal_answers(),
                "digest": one._med_portal_digest()})

    @route(f"{ROOT}/capas/<int:number>/files/<int:file>", type="http", auth="user",
           methods=["GET"], sitemap=False, readonly=True)
    def processor_capa_file(self, number, file, **_unknown):
        """Send a file of an answer; always to be saved, never shown inside our own pages."""
        return saved_file(own_request(number)._med_portal_files().filtered(
            lambda one: one.id == file))
