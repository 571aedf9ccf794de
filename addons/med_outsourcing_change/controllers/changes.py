from odoo import fields
from odoo.addons.med_exchange_change.models.med_change_notice import ENDED
from odoo.addons.med_outsourcing_portal.controllers.common import (
    ROOT,
    in_words,
    own,
    processors,
    saved_file,
    sentence,
)
from odoo.addons.med_outsourcing_portal.controllers.pages import FEW, STEP, ProcessorPages
from odoo.addons.med_outsourcing_portal.tools import form as forms
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from ..tools import answer as answers


def own_notice(number):
    """Return a notice to the person signed in."""
    return own("med.change.notice", number)


class ProcessorChanges(ProcessorPages):
    """Notices of changes: what changes, and the answer, signed with the person's password."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "med_change_notice_count" in counters:
            mine = request.env["med.processor"]._med_of_user(request.env.user)
            Notices = request.env["med.change.notice"].sudo()
            values["med_change_notice_count"] = Notices.search_count(
                self._waiting(mine)) if mine else 0
        return values

    def _home_extra(self, mine):
        Notices, waiting = request.env["med.change.notice"].sudo(), self._waiting(mine)
        return {**super()._home_extra(mine), "change_count": Notices.search_count(waiting),
                "changes": Notices.search(waiting, order="answer_by, id desc", limit=FEW)}

    def _order_extra(self, order):
        products = order.product_id | order.line_ids.product_id | order._med_begin_products()
        Notices = request.env["med.change.notice"].sudo()
        coming = Notices._med_portal_domain(order.processor_id) & Domain(
            "change_id.state", "not in", ENDED)
        return {**super()._order_extra(order), "changes": Notices.search(
            coming & Domain("product_ids", "in", products.ids), order="answer_by, id desc")}

    # ------------------------------------------------------------------ the list

    @route([f"{ROOT}/changes", f"{ROOT}/changes/page/<int:page>"], type="http", auth="user",
           website=True, methods=["GET"], sitemap=False)
    def processor_changes(self, page=1, sortby="open", filterby="all", search="", **_unknown):
        """List the notices of changes, those without an answer first."""
        mine = processors()
        filters, sortings = self._change_filters(mine), self._change_sortings()
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "open"
        # Only what he reads: the change itself may say more.
        domain = filters[filterby]["domain"] & in_words(
            search, "change_id.name", "change_id.title", "description", "product_ids.name",
            "product_ids.default_code")
        return self._list_page(
            "med_outsourcing_change.changes", "changes", lambda limit, offset: {
                "changes": self._change_page(domain, sortings[sortby], limit, offset)},
            request.env["med.change.notice"].sudo().search_count(domain),
            {"sortby": sortby, "filterby": filterby, "search": search}, page, STEP,
            page_name="med_processor_changes", searchbar_sortings=sortings,
            searchbar_filters=filters)

    def _change_page(self, domain, sorting, limit, offset):
        """Return the notices of a page; what is not answered stands first where it is asked so."""
        Notices = request.env["med.change.notice"].sudo()
        if not sorting.get("first"):
            return Notices.search(domain, order=sorting["order"], limit=limit, offset=offset)
        first, rest = domain & Notices._med_portal_open(), domain & ~Notices._med_portal_open()
        found = Notices.search(first, order="answer_by, id desc", limit=limit, offset=offset)
        if len(found) < limit:
            before = Notices.search_count(first)
            found += Notices.search(rest, order="id desc", limit=limit - len(found),
                                    offset=max(offset - before, 0))
        return found

    def _waiting(self, mine):
        Notices = request.env["med.change.notice"]
        return Notices._med_portal_domain(mine) & Notices._med_portal_open()

    def _change_filters(self, mine):
        _ = request.env._
        base, waiting = request.env["med.change.notice"]._med_portal_domain(mine), (
            self._waiting(mine))
        today = fields.Date.context_today(request.env.user)
        return {
            "all": {"label": _("All"), "domain": base},
            "open": {"label": _("Not answered"), "domain": waiting},
            "late": {"label": _("Late"), "domain": waiting & Domain("answer_by", "<", today)},
            "answered": {"label": _("Answered"), "domain": base & Domain(
                "state", "in", ("agreed", "refused"))},
            "ended": {"label": _("In effect or ended"), "domain": base & Domain(
                "change_id.state", "in", ENDED)},
        }

    def _change_sortings(self):
        _ = request.env._
        return {"open": {"label": _("Not answered first"), "first": True},
                "newest": {"label": _("Newest"), "order": "id desc"},
                "due": {"label": _("Due first"), "order": "answer_by, id desc"}}

    # ------------------------------------------------------------------ one notice

    @route(f"{ROOT}/changes/<int:number>", type="http", auth="user", website=True,
           methods=["GET"], sitemap=False)
    def processor_change(self, number, done="", again="", **_unknown):
        """Show a notice."""
        return self._change_form(own_notice(number), {}, done=done == "1", again=again == "1")

    @route(f"{ROOT}/changes/<int:number>", type="http", auth="user", website=True,
           methods=["POST"], sitemap=False)
    def processor_change_answer(self, number, **form):
        """Sign an answer."""
        notice = own_notice(number)
        errors = self._take_answer(notice, form)
        if errors:
            return self._change_form(notice, form, errors, again=True)
        return request.redirect(f"{ROOT}/changes/{notice.id}?done=1", code=303)

    def _take_answer(self, notice, form):
        """Keep the answer, or return what was refused by the name of its field."""
        _ = request.env._
        try:
            agreement, note = answers.read(form)
        except forms.FormError as error:
            return {error.name: _(
                "You agree without a condition, and wrote something. Choose “We agree, on this "
                "condition”, or clear the text.") if error.code == "words"
                else sentence(error.code)}
        secret = str(form.get("secret") or "")
        if not secret or "\0" in secret:
            return {"secret": sentence("missing")}
        if forms.text(form, "digest") != notice._med_portal_digest():
            return {"": _("The notice has changed. Read it again before you answer.")}
        try:
            with request.env.cr.savepoint():
                notice._med_portal_answer(
                    notice._med_portal_processor() & processors(), agreement, note, secret,
                    forms.text(form, "code", 10))
        except UserError as error:
            return {"": str(error.args[0])}
        return {}

    def _change_form(self, notice, form, errors=None, done=False, again=False):
        waits = notice._med_portal_waits()
        return self._signing_page("med_outsourcing_change.change", form, errors, {
            "notice": notice, "page_name": "med_processor_change", "done": done, "waits": waits,
            "asks": waits and (again or notice.state == "told"),
            "products": notice._med_portal_products(), "given": notice._med_portal_answers(),
            "digest": notice._med_portal_digest()})

    @route(f"{ROOT}/changes/<int:number>/files/<int:file>", type="http", auth="user",
           methods=["GET"], sitemap=False, readonly=True)
    def processor_change_file(self, number, file, **_unknown):
        """Send a document of a notice; always to be saved, never shown inside our own pages."""
        return saved_file(own_notice(number).document_ids.filtered(lambda one: one.id == file))
