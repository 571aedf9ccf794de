from odoo.addons.med_quality.tests.common import QualityCase
from odoo.fields import Command


class InspectCase(QualityCase):
    """Approved plans, inspections of received lots, and people who inspect and decide.

    :cvar alone: any number does for a concession and a rejection begins nothing, whatever addons
        above ask for: that is proved there
    """

    alone = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for hook in ("_med_check_concession", "_med_open_nonconformity") if cls.alone else ():
            cls.classPatch(cls.registry["med.inspection"], hook, lambda inspection: None)
        cls.ines = cls.person("inspector", "ines")
        cls.ivan = cls.person("inspector", "ivan")
        cls.olga = cls.person("operator", "olga")
        for person in (cls.ines, cls.ivan, cls.olga):
            cls.grant(person, "performed", "checked", "rejected")
        cls.grant(cls.bert, "approved", "verified", "performed", "rejected", "checked")
        cls.grant(cls.anna, "verified", "checked", "performed")
        cls.mm = cls.env["med.measure.unit"].search([("code", "=", "mm")])
        cls.scratch, cls.crack = cls.env["med.defect.code"].create([
            {"code": "T-SCR", "name": "Scratch", "defect_class": "minor"},
            {"code": "T-CRK", "name": "Crack", "defect_class": "critical"}])

    # ------------------------------------------------------------------ plans

    @classmethod
    def length(cls, **values):
        return {"key": "len", "name": "Length", "kind": "measured", "lower": "9.9",
                "upper": "10.1", "uom_id": cls.mm.id, **values}

    @classmethod
    def draft(cls, stage="incoming", characteristics=None, classes=None, **values):
        """Return a draft plan; by default one length on every unit of a lot of stents."""
        if classes is None:
            classes = [{"defect_class": "major", "method": "full"}]
        return cls.env["med.inspection.plan"].create({
            "name": f"Test {stage}", "stage": stage,
            "product_tmpl_ids": [Command.set(cls.stent.product_tmpl_id.ids)],
            "class_ids": [Command.create(row) for row in classes],
            "characteristic_ids": [
                Command.create(row) for row in characteristics or [cls.length()]], **values})

    @classmethod
    def plan(cls, *args, **kw):
        plan = cls.draft(*args, **kw)
        cls.sign(plan, cls.anna, "approved")
        return plan

    # ------------------------------------------------------------------ inspections

    @classmethod
    def inspected(cls, name, quantity=3, product=None, partner=None):
        """Return the inspection that receiving a lot began."""
        lot = cls.receive(product or cls.stent, {name: quantity}, partner)
        return cls.env["med.inspection"].search([("lot_ids", "in", lot.ids)])

    @classmethod
    def values(cls, inspection, value="10.0", key="len", **more):
        """Return one value for each drawn unit."""
        return [{"characteristic": key, "unit": sample.unit, "value": value, **more}
                for sample in inspection.sample_ids]

    @classmethod
    def enter(cls, inspection, values, user=None, **kw):
        return inspection.with_user(user or cls.ines).enter(values=values, **kw)

    @classmethod
    def finish(cls, inspection, value="10.0", bad=(), decide="accept", user=None):
        """Enter a value for each unit, another for bad ones, submit, and decide."""
        rows = cls.values(inspection, value)
        for row in rows:
            if row["unit"] in bad:
                row["value"] = "12"
        cls.enter(inspection, rows, user)
        cls.submit(inspection, user)
        if decide == "accept":
            cls.accept(inspection)
        elif decide == "reject":
            cls.reject(inspection)
        return inspection

    @classmethod
    def submit(cls, inspection, user=None):
        return cls.sign(inspection, user or cls.ines, "performed")

    @classmethod
    def accept(cls, inspection, user=None):
        return cls.sign(inspection, user or cls.ivan, "checked")

    @classmethod
    def reject(cls, inspection, user=None, conclusion="Too long"):
        inspection.with_user(cls.ivan).write({"conclusion": conclusion})
        return cls.sign(inspection, user or cls.ivan, "rejected")

    @classmethod
    def concede(cls, inspection, user=None, quantity=1):
        inspection.with_user(cls.anna).write({
            "conclusion": "Harmless", "concession_reference": "DEV-1",
            "concession_quantity": quantity})
        return cls.sign(inspection, user or cls.anna, "approved")
