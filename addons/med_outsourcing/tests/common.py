from odoo.addons.med_quality.tests.common import QualityCase
from odoo.fields import Command

from ..models.med_quality_agreement_clause import DUTIES

PORTAL = "med_base.med_base_group_portal_processor"


def both_sides():
    """Return what an agreement needs to be put in force: a clause a duty, and their signature."""
    return {"their_name": "Mr Zhang", "their_date": "2026-01-01", "clause_ids": [
        Command.create({"topic": topic, "title": topic.title(), "text": f"On {topic}."})
        for topic in DUTIES]}


def approved_deviation(case, **values):
    """Return an approved deviation for ten stents made to the old drawing.

    :param case: test with the people, products and signatures of QualityCase
    """
    env = case.env
    writer = case.person("inspector", f"ines{env['med.deviation'].search_count([])}")
    case.grant(writer, "authored")
    permit = env["med.deviation"].with_user(writer).create({
        "kind": "planned", "grade": "minor", "requirement": "Drawing 7", "legal_ok": True,
        "description": "Made to the old drawing", "justification": "The new one came late",
        "risk": "None", "product_ids": [Command.set(case.stent.ids)], "quantity": 10,
        "uom_id": case.stent.uom_id.id, "date_from": "2026-01-01", "date_to": "2030-01-01",
        "company_id": case.company.id, **values})
    case.sign(permit, writer, "authored")
    case.sign(permit, case.anna, "approved")
    return permit.with_env(env)


class OutsourcingCase(QualityCase):
    """A processor that is covered, and a device that it assembles for us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls.person("purchasing", "paula")
        # Whoever gives an order to a subcontractor makes a manufacturing order: Odoo asks for it.
        cls.buyer.group_ids += cls.env.ref("purchase.group_purchase_user") + cls.env.ref(
            "mrp.group_mrp_user")
        cls.keeper_w = cls.person("warehouse", "walter")
        cls.keeper_w.group_ids += cls.env.ref("stock.group_stock_user") + cls.env.ref(
            "mrp.group_mrp_user")
        cls.maker = cls.env["res.partner"].create({"name": "Assembly works", "is_company": True})
        cls.device = cls.product("Device", med_controlled=True)
        cls.bom = cls.subcontracted(cls.device, {cls.tube: 1}, cls.maker)
        cls.file = cls.processor(cls.maker, ["assembly"])
        cls.agreement = cls.agree(cls.file)

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-02 12:00:00")

    @classmethod
    def subcontracted(cls, product, components, *makers, **values):
        """Return a subcontracting bill of materials."""
        return cls.env["mrp.bom"].create({
            "product_tmpl_id": product.product_tmpl_id.id, "type": "subcontract",
            "subcontractor_ids": [Command.set([maker.id for maker in makers])],
            "bom_line_ids": [Command.create({"product_id": one.id, "product_qty": quantity})
                             for one, quantity in components.items()], **values})

    @classmethod
    def draft(cls, partner, processes, products=(), **values):
        """Return a processor's file that nobody has approved yet."""
        return cls.env["med.processor"].with_user(cls.bert).create({
            "partner_id": partner.id, "risk_class": "medium", "date_review": "2027-03-01",
            "scope_ids": [Command.create({
                "process": process, "product_tmpl_ids": [Command.set(
                    [one.product_tmpl_id.id for one in products])]}) for process in processes],
            **values})

    @classmethod
    def processor(cls, partner, processes, products=(), **values):
        """Return an approved file of a processor; its agreement is made by :meth:`agree`."""
        file = cls.draft(partner, processes, products, **values)
        cls.sign(file, cls.anna, "approved")
        return file.with_env(cls.env)

    @classmethod
    def agree(cls, file, number=None, date_from="2026-01-01", date_to="2027-12-31"):
        """Return a quality agreement in force."""
        agreement = cls.env["med.quality.agreement"].with_user(cls.bert).create({
            "name": number or f"QA-{file.id}", "processor_id": file.id, "date_from": date_from,
            "date_to": date_to, **both_sides()})
        cls.sign(agreement, cls.anna, "approved")
        return agreement.with_env(cls.env)

    @classmethod
    def portal_user(cls, partner, login="porter"):
        """Return a portal user of a processor, a contact of the partner."""
        contact = cls.env["res.partner"].create({"name": login, "parent_id": partner.id})
        user = cls.env["res.users"].with_context(no_reset_password=True).create({
            "name": login, "login": login, "partner_id": contact.id, "password": f"{login}-secret",
            "group_ids": [Command.set(cls.env.ref(PORTAL).ids)]})
        cls.own_password(user)
        return user

    @classmethod
    def purchase(cls, product=None, partner=None, quantity=10, user=None):
        """Return a request for quotation."""
        return cls.env["purchase.order"].with_user(user or cls.buyer).create({
            "partner_id": (partner or cls.maker).id, "order_line": [Command.create({
                "product_id": (product or cls.device).id, "product_qty": quantity,
                "price_unit": 1})]})

    @classmethod
    def receipt(cls, product=None, partner=None, quantity=10, user=None, **move):
        """Return a receipt made by hand, as the warehouse makes it."""
        kind = cls.warehouse.in_type_id
        product = product or cls.device
        return cls.env["stock.picking"].with_user(user or cls.keeper_w).create({
            "picking_type_id": kind.id, "location_id": cls.suppliers.id,
            "location_dest_id": cls.stock.id, "partner_id": (partner or cls.maker).id,
            "move_ids": [Command.create({
                "product_id": product.id, "product_uom_qty": quantity,
                "location_id": cls.suppliers.id, "location_dest_id": cls.stock.id, **move})]})
