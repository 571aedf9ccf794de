import copy

from odoo import api, fields, models
from odoo.addons.med_base.tools.evidence import canonical_json
from odoo.exceptions import UserError

ROWS = 2000


class MedOutsourcingOrder(models.Model):
    """The order on paper: what is made to which revision, of which lots, until when."""

    _inherit = "med.outsourcing.order"

    contract_text = fields.Text("Made To", compute="_compute_contract_text")

    @api.depends("contract")
    @api.depends_context("lang")
    def _compute_contract_text(self):
        for order in self:
            order.contract_text = "\n\n".join(
                "\n".join([section["title"], *(
                    "  " + " · ".join(str(row[column["key"]]) for column in section["columns"]
                                      if row[column["key"]]) for row in section["rows"])])
                for section in order._med_contract_sections() if section["rows"])

    def _med_contract_sections(self):
        """Return what was frozen as sections, see ``stock.lot.med_evidence``."""
        self.ensure_one()
        _, contract = self.env._, self._med_told_contract()
        specs = contract.get("products", ())

        def rows(name):
            return [{"product": spec["code"] or spec["name"], **row}
                    for spec in specs for row in spec[name]]

        section = self.env["stock.lot"]._med_section
        product = ("product", _("Product"), "text")
        return [
            section("products", _("Products"), [
                ("code", _("Code"), "text"), ("name", _("Product"), "text"),
                ("version", _("Version"), "text"), ("bom", _("Bill of Materials"), "text")], [
                {"code": spec["code"], "name": spec["name"],
                 "version": str(spec["version"] or ""),
                 "bom": " · ".join(filter(None, (spec["bom"]["code"], (
                     f"{spec['bom']['quantity']} {spec['bom']['unit']}"))))
                 if spec["bom"]["id"] else ""} for spec in specs]),
            section("lots", _("Lots"), [
                ("lot", _("Lot or Serial"), "text"), ("quantity", _("Quantity"), "text"),
                ("unit", _("Unit"), "text")], [
                {key: row[key] for key in ("lot", "quantity", "unit")}
                for row in contract.get("lots", ())]),
            section("components", _("Components"), [
                ("of", _("Product"), "text"), ("code", _("Code"), "text"),
                ("name", _("Component"), "text"), ("quantity", _("Quantity"), "text"),
                ("unit", _("Unit"), "text")], [
                {"of": spec["code"] or spec["name"], **{key: line[key] for key in (
                    "code", "name", "quantity", "unit")}}
                for spec in specs for line in spec["bom"]["lines"]]),
            section("routing", _("Operations"), [
                product, ("name", _("Operation"), "text"),
                ("work_center", _("Work Center"), "text"), ("minutes", _("Minutes"), "text")],
                rows("routing")),
            section("parameters", _("Parameters and Limits"), [
                product, ("name", _("Characteristic"), "text"), ("low", _("From"), "text"),
                ("high", _("To"), "text"), ("unit", _("Unit"), "text"),
                ("plan", _("Inspection Plan"), "text")], rows("parameters")),
            section("plans", _("Inspection Plans"), [
                product, ("code", _("Code"), "text"), ("version", _("Version"), "text"),
                ("name", _("Inspection Plan"), "text")],
                [{**row, "version": str(row["version"])} for row in rows("plans")]),
        ]

    def _med_told_contract(self):
        """Return what was frozen with the names of products and units in the reader's language.

        A name that was changed since stays as it was frozen.
        """
        contract = copy.deepcopy(self.contract or {})
        rows = [row for spec in contract.get("products", ())
                for row in (spec, *spec["bom"]["lines"])]
        products = self.env["product.product"].sudo().browse(
            [row["product"] for row in rows]).exists()
        units = self.env["uom.uom"].sudo().with_context(active_test=False).search([])
        words = {one.with_context(lang=None).name: one.name for one in units}
        for row in rows:
            for product in products.filtered(lambda one, row=row: one.id == row["product"]):
                if product.with_context(lang=None).name == row["name"]:
                    row["name"] = product.name
        for row in (*rows, *(spec["bom"] for spec in contract.get("products", ())),
                    *contract.get("lots", ()), *([contract] if contract else ())):
            row["unit"] = words.get(row["unit"], row["unit"])
        return contract

    def _med_order_pdf(self):
        """Return the order as the bytes of a PDF in the processor's language, its data embedded."""
        self.ensure_one()
        if not self.contract:
            raise UserError(self.env._("%(order)s is not released yet.", order=self.name))
        order = self.with_context(lang=self.partner_id.lang or self.env.lang)
        _ = order.env._

        zone = self.company_id.partner_id.tz or self.env.user.tz or "UTC"

        def told(time):
            return time and fields.Datetime.context_timestamp(
                order.with_context(tz=zone), time).strftime("%Y-%m-%d %H:%M")

        contract = order._med_told_contract()
        words = dict(order._fields["state"]._description_selection(order.env))
        processes = dict(order._fields["process"]._description_selection(order.env))
        head = [
            (_("Order"), order.name), (_("Revision"), order.revision),
            (_("Process"), processes[order.process]), (_("State"), words[order.state]),
            (_("Quantity"), f"{contract['quantity']} {contract['unit']}"
             if order.kind == "make" or order.product_id else ""),
            (_("Purchase"), order.purchase_line_id.order_id.name or ""),
            (_("Released"), told(order.date_released)),
            (_("Acknowledgement Due"), told(order.date_due_acknowledge)),
            (_("Start Due"), told(order.date_due_start)),
            (_("Finish Due"), told(order.date_due_finish)),
            (_("Due Back"), told(order.date_due)), (_("Time Zone"), zone),
            (_("Contact"), order.user_id.name or "")]
        Lot = order.env["stock.lot"]
        lot_words = Lot._med_words()
        return order.env["med.document"]._render_pdf("med_outsourcing.order_document", {
            "title": _("Order to a Processor"), "order": order,
            "head": [(label, value) for label, value in head if value],
            "sections": [Lot._med_print_section(section, lot_words, ROWS)
                         for section in order._med_contract_sections() if section["rows"]],
            "company": order.company_id.name, "digest": order.contract_digest,
        }, [("order.json", _("This order as data"), canonical_json(order.contract))])

    def action_print(self):
        """Download these orders as PDF, several in an archive."""
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/outsourcing_order.pdf?order_id={','.join(map(str, self.ids))}"}

    def action_mail(self):
        """Open an e-mail to the processor with the order as PDF."""
        self.ensure_one()
        self.check_access("write")
        name = f"{self.name.replace('/', '-')}.pdf"
        attachment = self.env["ir.attachment"].create({
            "name": name, "raw": self._med_order_pdf(), "mimetype": "application/pdf",
            "res_model": self._name, "res_id": self.id})
        told = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return {
            "type": "ir.actions.act_window", "res_model": "mail.compose.message",
            "view_mode": "form", "target": "new", "name": self.env._("Send to the Processor"),
            "context": {
                "default_model": self._name, "default_res_ids": self.ids,
                "default_composition_mode": "comment", "default_partner_ids": self.partner_id.ids,
                "default_attachment_ids": attachment.ids,
                "default_subject": told.env._("Order %(name)s, revision %(revision)s",
                                              name=self.name, revision=self.revision),
                "default_body": told.env._(
                    "Please find order %(name)s attached. Acknowledge it, with its revision "
                    "%(revision)s, before you begin.", name=self.name, revision=self.revision)}}
