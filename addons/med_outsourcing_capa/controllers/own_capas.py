from odoo.addons.med_outsourcing_portal.controllers.common import ROOT, processors, sentence
from odoo.addons.med_outsourcing_portal.controllers.report import MOST_BODY
from odoo.addons.med_outsourcing_portal.tools import form as forms
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.http import request, route

from ..tools import answer as answers
from .capas import ProcessorCapas


class ProcessorOwnCapas(ProcessorCapas):
    """A processor tells of a CAPA of its own about what it makes for us."""

    @route(f"{ROOT}/capas/new", type="http", auth="user", website=True, methods=["GET"],
           sitemap=False)
    def processor_own_capa_form(self, **_unknown):
        """Show the page."""
        return self._own_form({"state": "open"})

    @route(f"{ROOT}/capas/new", type="http", auth="user", website=True, methods=["POST"],
           sitemap=False, max_content_length=MOST_BODY)
    def processor_own_capa(self, **form):
        """Take it."""
        if form.get("more"):
            return self._own_form(form, more=True)
        made, errors = self._own_take(form)
        if errors:
            return self._own_form(form, errors)
        return request.redirect(f"{ROOT}/capas/{made.id}?done=1", code=303)

    def _own_take(self, form):
        """Return ``(record, errors)``."""
        mine = self._own_processor(form)
        if not mine:
            return None, {"processor": sentence("missing")}
        try:
            said = answers.own(form)
        except forms.FormError as error:
            return None, {error.name: sentence(error.code)}
        told, files, secret, errors = self._capa_read(form)
        values, wrong = self._own_values(mine, said, form)
        if errors or wrong:
            return None, {**errors, **wrong}
        Requests = request.env["med.capa.request"]
        try:
            with request.env.cr.savepoint():
                self._check_new(mine, said["number"])
                return Requests._med_portal_tell(
                    mine, values, told, files, secret, forms.text(form, "code", 10)), {}
        except UserError as error:
            return None, {"": str(error.args[0])}

    def _own_processor(self, form):
        """Return the file that is spoken for: the one there is, else the one that was chosen."""
        mine, chosen = processors(), forms.text(form, "processor")
        return mine if len(mine) == 1 else mine.filtered(lambda one: str(one.id) == chosen)

    def _check_new(self, mine, number):
        Requests = request.env["med.capa.request"].sudo()
        if Requests.search_count([
                ("their_number", "=", number), ("direction", "=", "in"),
                ("state", "!=", "cancelled"), ("company_id", "=", mine.company_id.id),
                ("partner_id", "=", mine.partner_id.id)]):
            raise UserError(request.env._(
                "You have told us of %s already: open it in the list, and say what is new.",
                number))

    def _own_values(self, mine, said, form):
        """Return ``(values, errors)``: goods and nonconformity among this processor's own."""
        names = {name.strip() for name in forms.text(form, "lots", forms.LONG).replace(
            "，", ",").replace("\n", ",").split(",")} - {""}
        lots = mine._med_portal_lots(among=[("name", "in", list(names))])
        if unknown := sorted(names - set(lots.mapped("name"))):
            return {}, {"lots": request.env._("Not known here: %s.", ", ".join(unknown))}
        number = forms.text(form, "nonconformity")
        case = self._own_cases(mine).filtered(lambda one: str(one.id) == number)
        if number and not case:
            return {}, {"nonconformity": request.env._("Choose one of the list.")}
        return {
            "their_number": said["number"], "their_state": said["state"],
            "title": said["title"], "problem": said["problem"] or False,
            "nonconformity_id": case.id, "lot_ids": [Command.set(lots.ids)],
            "product_ids": [Command.set(lots.product_id.ids)]}, {}

    def _own_cases(self, mine):
        """Return the nonconformities that these processors know of: they reported them, or were
        asked about them."""
        Requests = request.env["med.capa.request"].sudo()
        asked = Requests.search(Requests._med_portal_domain(mine)).nonconformity_id
        return asked | request.env["med.nonconformity"].sudo().search(Domain.OR([
            Domain("company_id", "=", one.company_id.id)
            & Domain("partner_id.commercial_partner_id", "=", one.partner_id.id)
            for one in mine]) & Domain("source", "=", "processor"), limit=200)

    def _own_form(self, form, errors=None, more=False):
        mine = processors()
        return self._capa_page("med_outsourcing_capa.own_capa", form, errors, more, {
            "page_name": "med_processor_capa_new",
            "processors": [("", ""), *((one.id, one.company_id.name) for one in mine)]
            if len(mine) > 1 else [],
            "cases": [("", ""), *((one.id, one.name) for one in self._own_cases(mine))]})
