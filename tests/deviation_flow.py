"""Deviations for black-box tests: source that ``site.shell`` runs, after ``trace_flow.py``."""

from odoo.fields import Command


class Deviations:
    """People who write and approve, stents, permits, and inspections that found one bad unit."""

    def __init__(self, flow):
        self.flow, self.env = flow, flow.env
        env = flow.env
        users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
                 for name in ("inspector", "qa", "system_admin", "regulatory")}
        self.ines, self.anna = (
            users[role].copy({"name": login, "login": login, "password": login})
            for login, role in (("dev_ines", "inspector"), ("dev_anna", "qa")))
        env.cr.execute("UPDATE res_users SET med_password_temporary = false")
        env.invalidate_all()
        for user, meaning in ((self.ines, "authored"), (self.ines, "performed"),
                              (self.anna, "approved"), (self.anna, "verified"),
                              (self.anna, "rejected")):
            grant = env["med.signature.grant"].with_user(users["system_admin"]).create({
                "user_id": user.id, "identity_method": "known", "identity_reference": "file 1",
                "meaning_id": env.ref(f"med_signature.med_signature_meaning_{meaning}").id})
            self.sign(grant, users["system_admin"], "verified")
            self.sign(grant, user, "acknowledged")
            self.sign(grant, users["regulatory"], "approved")
        self.stent = flow.product("Deviating stent")
        self.stent.med_controlled = True

    def sign(self, record, user, meaning):
        record.with_user(user).med_sign(meaning, user.login, user.login)

    def permit(self, quantity, **values):
        """An approved permit for stents."""
        permit = self.env["med.deviation"].create({
            "kind": "planned", "grade": "minor", "requirement": "WI-7", "legal_ok": True,
            "description": "Old carton", "justification": "New one is late", "risk": "None",
            "product_ids": [Command.set(self.stent.ids)], "quantity": quantity,
            "uom_id": self.stent.uom_id.id, "date_from": "2020-01-01", "date_to": "2099-01-01",
            **values})
        self.sign(permit, self.ines, "authored")
        self.sign(permit, self.anna, "approved")
        return permit

    def bad(self, *names):
        """Submitted inspections of new lots of two, one of which is too long."""
        plan = self.env["med.inspection.plan"].create({
            "name": "Stents", "stage": "incoming",
            "product_tmpl_ids": [Command.set(self.stent.product_tmpl_id.ids)],
            "class_ids": [Command.create({"defect_class": "major", "method": "full"})],
            "characteristic_ids": [Command.create({
                "key": "len", "name": "Length", "upper": "10.1",
                "uom_id": self.env["med.measure.unit"].search([("code", "=", "mm")]).id})]})
        self.sign(plan, self.anna, "approved")
        lots = self.flow.lots(self.stent, *names)
        supplier = self.env["res.partner"].create({"name": "Deviation supplier"})
        self.flow.receive([(lot, 2) for lot in lots], supplier)
        found = self.env["med.inspection"].search([("plan_id", "=", plan.id)], order="id")
        for one in found:
            one.with_user(self.ines).enter(values=[
                {"characteristic": "len", "unit": unit, "value": value}
                for unit, value in (("1", "10"), ("2", "12"))])
            self.sign(one, self.ines, "performed")
            one.write({"conclusion": "Harmless", "concession_quantity": 1})
        return found
