from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class MedProcessor(models.Model):
    """No order to a processor, process or product that is not covered today (ISO 13485, 4.1.5)."""

    _inherit = "med.processor"

    def _med_obstacles(self, process, product, day=None):
        """Return why a process of a product may not be ordered here, as sentences.

        Empty when it is covered: the file is approved and its signature holds, its processes name
        this one for this product, its review is not long overdue, a quality agreement is in force
        and every certificate that is needed is valid. Of no file, the one sentence that there is
        none.

        :param process: one of ``SCOPES``
        :param product: a ``product.product``; none where the order is about no product
        :param day: a date; today when left out
        """
        if not self:
            return [self.env._(
                "There is no file of this processor: make one under Outsourcing, Processors, and "
                "have it approved.")]
        self.ensure_one()
        day = day or self.env["stock.lot"]._med_today()
        # The whole truth for whoever asks: what is archived or another's to read counts as well.
        file = self.sudo().with_context(active_test=False)
        return [*file._med_missing_approval(), *file._med_missing_review(day),
                *file._med_missing_scope(process, product), *file._med_missing_agreement(day),
                *file._med_missing_certificates(day),
                *file._med_missing_named(process, product, day)]

    def _med_missing_approval(self):
        if self.state != "approved":
            return [self.env._(
                "The file of “%(name)s” is in state “%(state)s”: quality assurance approves it "
                "first.", name=self.display_name, state=self._med_states()[self.state])]
        if self.med_signature_status != "valid":
            return [self.env._(
                "The file of “%(name)s” no longer says what was signed: revise it and have it "
                "approved again.", name=self.display_name)]
        return []

    def _med_missing_scope(self, process, product):
        label = dict(self.scope_ids._fields["process"]._description_selection(self.env)).get(
            process)
        if not label:
            return [self.env._(
                "Nobody said which process “%(name)s” is to carry out: set it in the bill of "
                "materials or the order.", name=self.display_name)]
        lines = self.scope_ids.filtered(lambda line: line.process == process)
        if not lines:
            return [self.env._(
                "“%(name)s” is not approved for the process “%(process)s”: revise its file, add "
                "the process and have it approved.", name=self.display_name, process=label)]
        template = product.product_tmpl_id
        if not any(not line.product_tmpl_ids or template in line.product_tmpl_ids
                   for line in lines):
            return [self.env._(
                "“%(name)s” is approved for “%(process)s”, but not of “%(product)s”: revise its "
                "file, add the product and have it approved.", name=self.display_name,
                process=label, product=product.display_name or self.env._("no product"))]
        return []

    def _med_agreement_on(self, day):
        """Return the quality agreement in force on a day, or none."""
        return self.agreement_ids.filtered(lambda one: one._med_in_force(day))[:1]

    def _med_missing_agreement(self, day):
        if self._med_agreement_on(day):
            return []
        last = self.agreement_ids.filtered(
            lambda one: one.state == "agreed" and one.date_from and one.date_from <= day).sorted(
            "date_from")[-1:]
        if last:
            return [self.env._(
                "The quality agreement %(number)s with “%(name)s” held until %(day)s: put a new "
                "one in force.", number=last.name, name=self.display_name,
                day=format_date(self.env, last.date_to))]
        return [self.env._(
            "No quality agreement with “%(name)s” is in force on %(day)s: put one in force.",
            name=self.display_name, day=format_date(self.env, day))]

    def _med_missing_certificates(self, day):
        """Return a sentence for every kind that is needed and of which none is valid."""
        found, labels = [], dict(
            self.certificate_ids._fields["kind"]._description_selection(self.env))
        for kind, rows in self.certificate_ids.grouped("kind").items():
            if kind == "other":  # each is of its own
                lacking = rows.filtered(
                    lambda one: one.active and one.needed and not one._med_valid(day)
                    and not one._med_renewed() and not one._med_before_holds(day))
            else:
                lacking = rows.filtered("needed")
                if any(one.active and one._med_valid(day) for one in rows):
                    continue
            last = lacking.sorted("date_to")[-1:] if kind != "other" else lacking
            found += [self.env._(
                "The certificate %(number)s (%(kind)s) of “%(name)s” is not valid on %(day)s: "
                "file the new one.", number=one.number, kind=labels[kind],
                name=self.display_name, day=format_date(self.env, day)) for one in last]
        return found

    # ------------------------------------------------------------------ the gate

    @api.model
    def _med_gate(self, partner, company, wanted, warehouse, document):
        """Refuse an order that is not covered, or note it in the document behind an open gate.

        A file that somebody suspended refuses behind every gate, as holds do. Products that are
        not controlled are nobody's business here.

        :param partner: contact to whom the order goes
        :param wanted: ``[(process, product)]``
        :param document: record with a chatter, where an open gate leaves its note
        :raise UserError: what, why, and what to do next
        """
        file, stopped, noted = self._med_of(partner, company), {}, {}
        for process, product in wanted:
            if not product.sudo().product_tmpl_id.med_controlled:
                continue
            why = file._med_obstacles(process, product)
            if not why:
                continue
            mode = self.env["med.gate"]._mode(
                company.id, product.product_tmpl_id.id, warehouse.id, "outsource")
            stops = mode == "enforce" or file.state == "suspended"
            (stopped if stops else noted).setdefault("\n".join(why), []).append((product, mode))
        for why, rows in stopped.items():
            raise UserError(self.env._(
                "%(products)s is not to be ordered from “%(name)s”.\n%(why)s", why=why,
                products=", ".join({product.display_name: 1 for product, _mode in rows}),
                name=partner.commercial_partner_id.display_name))
        for why, rows in noted.items():
            text = self.env._(
                "Would be stopped once the gate is closed: %(products)s. %(why)s", why=why,
                products=", ".join({one.display_name: 1 for one, _mode in rows}))
            self._med_note_uncovered(
                document.sudo(), text, any(mode == "warn" for _product, mode in rows))


    def _med_note_uncovered(self, document, text, warn):
        """Leave in a document what an open gate let through."""
        if warn:
            document.message_post(body=text, subtype_xmlid="mail.mt_comment")
        else:
            document._message_log(body=text)
        self.env["med.audit.entry"].sudo()._record_event(
            "outsourcing_uncovered", record=document, payload={"why": text})
