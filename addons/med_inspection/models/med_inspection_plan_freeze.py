from odoo import models
from odoo.exceptions import UserError

from ..tools import frozen
from ..tools.reading import SpecError
from ..tools.verdict import judge
from .med_defect_code import CLASSES


class MedInspectionPlan(models.Model):
    """Freezing a plan into an inspection."""

    _inherit = "med.inspection.plan"

    def _freeze(self, quantity, containers, severities):
        """Return the plan as an inspection of so many units keeps it.

        :param int quantity: units in the lot
        :param int containers: of the delivery, for plans that sample containers
        :param dict severities: class → severity of its series; missing: normal
        :return: plain JSON: ``form``, ``plan``, ``classes``, ``characteristics``, ``defects``,
            ``conversions``
        :raise UserError: nothing could be judged by it
        """
        self.ensure_one()
        plan = self.sudo()
        plan.characteristic_ids._check_sound()
        codes = plan.characteristic_ids.defect_code_ids
        units = {one.uom_id.code for one in plan.characteristic_ids if one.uom_id}
        by_container = "containers" in plan.class_ids.mapped("method")
        if by_container and set(plan.class_ids.mapped("method")) - {"containers", "skip"}:
            raise UserError(self.env._(
                "%(plan)s: containers and units are not drawn in one plan.",
                plan=plan.display_name))
        classes = {}
        for row in plan.class_ids:
            severity = severities.get(row.defect_class, "normal")
            found = row._plan(containers if by_container else quantity,
                              "tightened" if severity == "stopped" else severity)
            classes[row.defect_class] = {
                "method": row.method, "severity": severity if row.method == "aql" else "",
                "stopped": row.method == "aql" and severity == "stopped",
                "plan": frozen.keep_plan(found)}
        kept = {
            "form": frozen.FORM,
            "plan": {"id": plan.id, "code": plan.code, "version": plan.version, "name": plan.name,
                     "stage": plan.stage, "second_person": plan.second_person,
                     "blocking": plan.blocking, "release_on_accept": plan.release_on_accept,
                     "by_container": by_container, "note": plan.note or "",
                     "retention": str(plan.retention_quantity or 0)},
            "classes": classes,
            "characteristics": [one._frozen() for one in plan.characteristic_ids],
            "defects": {code.code: {"class": code.defect_class, "name": code.name}
                        for code in codes},
            "conversions": [[*pair, *factors] for pair, factors
                            in self.env["med.measure.unit"]._conversions() if pair[1] in units],
        }
        plan._check_judgeable(kept)
        return kept

    def _check_judgeable(self, kept):
        try:
            told = judge(
                [frozen.read_characteristic(row) for row in kept["characteristics"]], (),
                {name: frozen.read_plan(row["plan"]) for name, row in kept["classes"].items()},
                {}, defects=frozen.defects(kept), conversions=frozen.conversions(kept))
        except SpecError as error:
            raise UserError(self.env._("%(plan)s: %(why)s", plan=self.display_name,
                                       why=self._spec_sentence(error))) from error
        idle = [name for code, name in told.reasons if code == "class_unexamined"]
        if idle:
            words = dict(self.env["med.inspection.plan.class"]._fields[
                "defect_class"]._description_selection(self.env))
            raise UserError(self.env._(
                "%(plan)s: no required characteristic finds defects of the class “%(name)s”.",
                plan=self.display_name, name=words[idle[0]]))
        if not any(row["required"] for row in kept["characteristics"]) and not any(
                row["method"] == "skip" for row in kept["classes"].values()):
            raise UserError(self.env._(
                "%(plan)s: at least one characteristic is required.", plan=self.display_name))

    def _spec_sentence(self, error):
        if error.code == "class_without_plan":
            return self.env._(
                "“%(key)s” finds defects of a class that has no sampling.", key=error.key)
        if error.code == "unknown_class":
            return self.env._("“%(key)s” must be one of: %(classes)s.", key=error.key,
                              classes=", ".join(name for name, _label in CLASSES))
        return self.env._("“%(key)s” is not set soundly (%(code)s).", key=error.key,
                          code=error.code)
