"""Three processors are approved, get a key each for their programs, and an order each."""

from datetime import timedelta

from odoo.fields import Command, Date, Datetime

from .catalogue import PARTNERS

# part that setup/partner_demo plays: (contact in the catalogue, code, processes, {what it makes for
# us by a bill of materials: by which process})
PROCESSORS = {
    "steriliser": ("sterile", "STERILE", ("sterilisation_eo",), {"DEMO-KIT": "sterilisation_eo"}),
    "coater": ("machine", "COATING", ("machining", "coating"), {"DEMO-BLANK": "machining"}),
    "assembler": ("electronics", "BOARDS", ("assembly",), {"DEMO-BOARD": "assembly"}),
}
HEARS = ("outsourcing_order", "product", "lot", "hold")
SENDS = ("outsourcing_report", "hold", "process_record", "nonconformity", "processor_release")
CLAUSES = (
    ("change", "Changes", "Each change of process, equipment or site is told before it is made."),
    ("retention", "Records", "Kept two years beyond the life of the device; shown on request."),
    ("access", "Access", "We and authorities may see site and records at any time."),
    ("release", "Release", "The processor releases production, we release to the market."),
    ("events", "Adverse events", "The processor tells within a day, and helps to find the cause."),
)
BOARDS, KITS, PLATES = 4, 20, 3


def outsource(env, users, sign, report):
    """Approve the processors, and order from each; the goods are sent.

    :param users: login → user
    :param sign: called with a record, a login and a meaning
    :return: ``{part: key}`` of the programs that ``setup/partner_demo`` plays
    """
    company = users["qa"].company_id
    env = env(context={"allowed_company_ids": company.ids})
    files, keys = {}, {}
    for part, (name, code, processes, bills) in PROCESSORS.items():
        contact = env["res.partner"].search([("name", "=", PARTNERS[name][0])])
        for bill, process in bills.items():
            env["mrp.bom"].search([("product_tmpl_id.default_code", "=", bill), (
                "type", "=", "subcontract")]).med_process = process
        files[part] = _approved(env, contact, company, code, processes, sign)
        keys[part] = _program(env, contact, company, code)
    orders = [_process(env, users, files["steriliser"], "sterilisation_eo", "DEMO-KIT", KITS, 1),
              _process(env, users, files["coater"], "coating", "DEMO-PLATE", 1, PLATES),
              _make(env, users, files["assembler"].partner_id)]
    for order in orders:
        for picking in order.send_picking_ids:
            _post(picking.with_user(users["warehouse"]).with_company(company))
    report(f"{len(files)} processors approved, {', '.join(one.name for one in orders)} sent")
    return keys


def _approved(env, contact, company, code, processes, sign):
    file = env["med.processor"].create({
        "partner_id": contact.id, "company_id": company.id, "connection": "api",
        "risk_class": "medium", "date_review": Date.today() + timedelta(days=365),
        "scope_ids": [Command.create({"process": process}) for process in processes]})
    agreement = env["med.quality.agreement"].create({
        "name": f"QAG-{code}", "processor_id": file.id,
        "date_from": Date.today() - timedelta(days=30),
        "date_to": Date.today() + timedelta(days=700),
        "their_name": "Quality manager", "their_date": Date.today() - timedelta(days=31),
        "clause_ids": [Command.create({"topic": topic, "title": title, "text": text})
                       for topic, title, text in CLAUSES]})
    sign(agreement, "qa", "approved")
    sign(file, "qa", "approved")
    return file


def _program(env, contact, company, code):
    """Return the key of a processor's program: of the interface, and the one it signs with."""
    known = env["med.exchange.handler"]._med_handlers()
    partner = env["med.exchange.partner"].create({
        "name": contact.name, "code": code, "partner_id": contact.id, "company_id": company.id,
        "right_ids": [Command.create({"schema": schema, "direction": way})
                      for way, schemas in (("out", HEARS), ("in", SENDS))
                      for schema in schemas if schema in known]})
    partner.make_user()
    secret = env["med.exchange.key"].create({
        "exchange_partner_id": partner.id, "name": "demo",
        "algorithm": "hmac-sha256"}).make_secret()["secret"]
    partner.activate()
    key = env["res.users.apikeys"].with_user(partner.user_id).sudo()._generate(
        "rpc", "setup/partner_demo", Datetime.now() + timedelta(days=3650))
    return f"{key}:demo:{secret}"


def _process(env, users, file, process, code, quantity, count):
    """Return a released order to process lots of ours that are in stock."""
    quants = env["stock.quant"].search([
        ("product_id.default_code", "=", code), ("company_id", "=", file.company_id.id),
        ("location_id.usage", "=", "internal"), ("quantity", ">=", quantity),
        ("lot_id.med_status", "=", "released"), ("lot_id.med_hold_count", "=", 0),
        "|", ("lot_id.expiration_date", "=", False),
        ("lot_id.expiration_date", ">", Datetime.now() + timedelta(days=90))], order="id desc")
    quants = quants.filtered(
        lambda one: not one.location_id.is_subcontract()
        and one.quantity - one.reserved_quantity >= quantity)[:count]
    order = env["med.outsourcing.order"].with_user(users["purchasing"]).create({
        "processor_id": file.id, "kind": "process", "process": process,
        "date_due": Datetime.now() + timedelta(days=7), "company_id": file.company_id.id,
        "line_ids": [Command.create({"lot_id": one.lot_id.id, "quantity": quantity})
                     for one in quants]})
    order.action_release()
    return order.sudo()


def _make(env, users, contact):
    """Return the order that a purchase of subcontracted boards makes."""
    board = env["product.product"].search([("default_code", "=", "DEMO-BOARD")])
    purchase = env["purchase.order"].with_user(users["purchasing"]).create({
        "partner_id": contact.id, "order_line": [Command.create({
            "product_id": board.id, "product_qty": BOARDS})]})
    purchase.button_confirm()
    return env["med.outsourcing.order"].search(
        [("purchase_line_id", "in", purchase.order_line.ids)])


def _post(picking):
    if picking.state in ("done", "cancel"):
        return
    picking.action_assign()
    picking.move_ids.picked = True
    picking._action_done()
