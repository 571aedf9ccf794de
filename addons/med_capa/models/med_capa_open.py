from odoo import api, models
from odoo.addons.med_base.tools.arguments import are_ids
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .med_capa import QUALITY, SOURCES

VERSION = 1
OPENERS = (QUALITY, "med_base.med_base_group_regulatory")


class MedCapa(models.Model):
    """How a case begins: by hand, by a program, or from a nonconformity."""

    _inherit = "med.capa"

    @api.model
    def open_case(self, summary: str, nonconformities: list = (), deviations: list = (),
                  source: str = "other", kind: str = "corrective", problem: str = "",
                  products: list = (), supplier: int = 0):
        """Open a case.

        :param summary: what it is about, in one sentence
        :param nonconformities: ids of the nonconformities it answers, of one company
        :param deviations: ids of the deviations it answers
        :param source: nonconformity, deviation, complaint, audit, trend, review, supplier, other
        :param kind: corrective or preventive
        :param problem: what is wrong; empty: what the nonconformities say
        :param products: ids; empty: those of the nonconformities
        :param supplier: id of a partner; 0: that of the nonconformities, where it is one
        :return: ``{"version", "capa" (id), "name"}``
        :raise UserError: an argument is wrong; nothing is opened then
        """
        self._med_check_opener()
        if not isinstance(summary, str) or not summary.strip():
            raise UserError(self.env._("“summary” must say what is wrong, in one sentence."))
        if not isinstance(problem, str):
            raise UserError(self.env._("“%(field)s” must be text.", field="problem"))
        for name, value, known in (("source", source, dict(SOURCES)),
                                   ("kind", kind, dict(self._fields["kind"].selection))):
            if value not in known:
                raise UserError(self.env._("“%(field)s” must be one of: %(names)s.", field=name,
                                           names=", ".join(known)))
        cases = self._med_named("med.nonconformity", "nonconformities", nonconformities)
        permitted = self._med_named("med.deviation", "deviations", deviations)
        articles = self._med_named("product.product", "products", products)
        partner = self._med_named("res.partner", "supplier", [supplier] if supplier else [])
        company = cases.company_id | permitted.company_id
        if len(company) > 1:
            raise UserError(self.env._("One CAPA is of one company."))
        record = self._med_begin(
            summary.strip(), cases, company or self.env.company, kind=kind, source=source,
            deviation_ids=[Command.set(permitted.ids)],
            **({"problem": problem.strip()} if problem.strip() else {}),
            **({"product_ids": [Command.set(articles.ids)]} if articles else {}),
            **({"partner_id": partner.id} if partner else {}))
        return {"version": VERSION, "capa": record.id, "name": record.name}

    def _med_check_opener(self):
        if not self.env.su and not any(map(self.env.user.has_group, OPENERS)):
            raise AccessError(self.env._("A CAPA is opened by quality assurance or regulatory "
                                         "affairs."))

    def _med_named(self, model, name, numbers):
        """Return the records that an argument names, which the caller may read."""
        if not are_ids(numbers):
            raise UserError(self.env._("“%(field)s” must be a list of ids.", field=name))
        found = self.env[model].browse(numbers).exists()
        if len(found) != len(set(numbers)):
            raise UserError(self.env._("“%(field)s” names a record that there is not.",
                                       field=name))
        found.check_access("read")
        return found

    @api.model
    def _med_begin(self, summary, cases, company, document=None, **values):
        """Return a new case for nonconformities, with what they say of product and supplier."""
        partner, place = cases.partner_id, cases.workcenter_id
        record = self._med_born({
            "company_id": company.id, "summary": summary, "kind": "corrective",
            "source": "nonconformity" if cases else "other", "owner_id": self.env.uid,
            "nonconformity_ids": [Command.set(cases.ids)],
            "product_ids": [Command.set((cases.product_id | cases.line_ids.product_id).ids)],
            "deviation_ids": [], "problem": "\n".join(filter(None, cases.mapped("description"))),
            "partner_id": partner.id if len(partner) == 1 else False,
            "workcenter_id": place.id if len(place) == 1 else False,
            "source_model": document._name if document else False,
            "source_id": document.id if document else False, **values})
        return record.with_env(self.env)
