from odoo import models


class MedOutsourcingOrder(models.Model):
    """A processor says that goods do not conform: a nonconformity of ours; the lots are held."""

    _inherit = "med.outsourcing.order"

    def _med_portal_problem(self, reference, summary, description, time, rows=(), files=(),
                            person=""):
        """Report a nonconformity of this order, once, however often the page is sent.

        :param reference: the number made with the page
        :param rows: ``{"lot", "quantity"}``; lots that this processor has are held, other names
            are only told
        :param files: ``(name, content, media type)``
        :return: the ``med.nonconformity``, empty when it was reported before
        :raise ReportRefused: the time is not possible
        """
        self.ensure_one()
        order = self.sudo()._med_lock()
        problems = self.env["med.nonconformity"].sudo()
        if order.event_ids.filtered(lambda one: one.reference == reference):
            return problems
        lots, unknown = order._med_portal_named(rows)
        told = [description] + [
            self.env._("%(lot)s: %(quantity)s", lot=row["lot"], quantity=row["quantity"] or "?")
            for row in rows] + [
            self.env._("Not known here by this name: %s", name) for name in unknown]
        problem, _held = problems._med_report(
            summary, lots, "processor", order.company_id, document=order, event_time=time,
            description="\n".join(filter(None, told)), partner_id=order.partner_id.id,
            product_id=(lots.product_id[:1] or order._med_products()[:1]).id)
        self.env["ir.attachment"].sudo().create([{
            "name": name, "raw": content, "mimetype": media, "res_model": problem._name,
            "res_id": problem.id, "company_id": order.company_id.id, "public": False,
            "type": "binary", "access_token": False, "res_field": False, "url": False,
        } for name, content, media in files])
        order._med_report({
            "kind": "note", "reference": reference, "time": time, "person": person,
            "note": f"{problem.name}: {summary}"}, "portal")
        return problem

    def _med_portal_named(self, rows):
        """Return the lots of this processor that rows name, and the names nobody knows."""
        mine = self.processor_id._med_portal_lots(
            among=[("name", "in", [row["lot"] for row in rows])]).filtered(
                lambda lot: lot.product_id.med_controlled)
        own = mine & (self.line_ids.lot_id | self.event_ids.lot_ids.lot_id
                      | self._med_send_pickings().move_line_ids.lot_id)
        lots, unknown = self.env["stock.lot"].sudo(), []
        for name in {row["lot"]: None for row in rows}:
            # A name that two products have means the one of this order.
            same = own.filtered(lambda lot, name=name: lot.name == name)
            found = same or mine.filtered(lambda lot, name=name: lot.name == name)
            lots |= found
            if not found:
                unknown.append(name)
        return lots, unknown
