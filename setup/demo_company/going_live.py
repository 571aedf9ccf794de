"""The demonstration company goes live: rights to sign, opening status, a closed gate, a hold, an
inspection, orders to processors."""

from odoo.exceptions import UserError
from odoo.fields import Command

from .catalogue import PEOPLE
from .inspecting import inspect_needles
from .outsourcing import outsource

RIGHTS = (("qa_release", "released"), ("qa_release", "rejected"), ("qa", "approved"),
          ("qa", "reviewed"), ("qa", "rejected"), ("regulatory", "approved"),
          ("inspector", "performed"), ("inspector", "rejected"))


def go_live(env, password, stories, report):
    """Mark the products as controlled, give the lots of the company that made them a status,
    close the gate of one product, and hold one of its lots.

    :param env: of the superuser, on a committed database
    :param password: of all the demonstration's logins
    :param stories: of the history; what was refused is added as ``refused``, what
        was inspected as ``inspected``
    :return: the keys of the processors' programs, see :func:`.outsourcing.outsource`
    """
    # Their passwords were set for them: nobody would sign before changing it.
    env.cr.execute("UPDATE res_users SET med_password_temporary = false WHERE login IN %s",
                   [tuple(PEOPLE)])
    env.invalidate_all()
    users = {login: env["res.users"].search([("login", "=", login)]) for login in PEOPLE}

    def sign(record, login, meaning):
        record.with_user(users[login]).med_sign(meaning=meaning, login=login, secret=password)

    for login, meaning in RIGHTS:
        grant = env["med.signature.grant"].with_user(users["system_admin"]).create({
            "user_id": users[login].id, "identity_method": "known",
            "identity_reference": "Demonstration",
            "meaning_id": env.ref(f"med_signature.med_signature_meaning_{meaning}").id})
        sign(grant, "system_admin", "verified")
        sign(grant, login, "acknowledged")
        sign(grant, "qa_release" if login == "regulatory" else "regulatory", "approved")

    env["product.template"].search([("default_code", "=like", "DEMO-%")]).med_controlled = True
    main = env["stock.lot"].browse(stories["main_finished"]["lots"][0]["id"])
    company = users["qa_release"].company_id
    opening = env["med.disposition"].browse(env["med.opening"].with_user(
        users["qa_release"]).create({
            "status": "released",
            "note": "Released before going live, see the batch records on paper"}).action_list()[
                "res_id"])
    sign(opening, "qa_release", "released")
    lots = opening.line_ids.lot_id.filtered(
        lambda lot: lot.product_id == main.product_id and lot.med_status == "released")
    env["med.gate"].with_user(users["qa"]).create({
        "product_tmpl_id": main.product_id.product_tmpl_id.id, "mode": "enforce",
        "company_id": company.id})
    quant = env["stock.quant"].search([
        ("lot_id", "in", (lots - main).ids), ("location_id.usage", "=", "internal"),
        ("company_id", "=", company.id), ("quantity", ">", 0)], limit=1)
    env["med.hold"].with_user(users["qa"]).place(
        lots=quant.lot_id.ids, reason="Seal strength at the lower limit", source="inspection")
    stories["refused"] = {
        "text": refusal(env(user=users["warehouse"]), quant), "documents": [],
        "lots": [{"id": quant.lot_id.id, "name": quant.lot_id.name,
                  "product": quant.product_id.display_name}]}
    report(f"{opening.line_count} lots have a status by one signature, {quant.lot_id.name} held")
    stories["inspected"] = inspect_needles(env, users, sign, report)
    return outsource(env, users, sign, report)


def refusal(env, quant):
    """Return what Odoo answers who tries to deliver one piece of held stock all the same."""
    warehouse = quant.location_id.warehouse_id
    customers = env.ref("stock.stock_location_customers")
    places = {"location_id": quant.location_id.id, "location_dest_id": customers.id}
    try:
        with env.cr.savepoint():
            picking = env["stock.picking"].create({
                "picking_type_id": warehouse.out_type_id.id, **places,
                "move_ids": [Command.create({
                    "product_id": quant.product_id.id, "product_uom_qty": 1, **places,
                    "move_line_ids": [Command.create({
                        "product_id": quant.product_id.id, "lot_id": quant.lot_id.id,
                        "quantity": 1, **places})]})]})
            picking.action_confirm()
            picking.move_ids.picked = True
            picking._action_done()
    except UserError as error:
        return str(error)
    raise AssertionError(f"{quant.lot_id.name} is held and was delivered")
