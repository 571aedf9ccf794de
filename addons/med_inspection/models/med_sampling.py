import json
from functools import lru_cache

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open

from ..tools import sampling

VERSION = 1


@lru_cache(maxsize=1)
def tables():
    """Return the master tables and editions that the addon holds."""
    with file_open("med_inspection/data/sampling_iso2859_1.json") as document, \
            file_open("med_inspection/data/sampling_standards.json") as standards:
        return sampling.load(json.load(document), json.load(standards))


class MedSampling(models.AbstractModel):
    """Sampling plans as other programs ask for them."""

    _name = "med.sampling"
    _description = "Sampling Plans"

    @api.model
    def plan(self, lot_size: int, aql: str, level: str = "II", severity: str = "normal",
             standard: str = "iso_2859_1_1999", mode: str = "percent"):
        """Return the single sampling plan of a lot (ISO 2859-1:1999, tables 1 and 2).

        :param lot_size: units in the lot
        :param aql: as the table writes it: ``"0.65"``
        :param level: S-1, S-2, S-3, S-4, I, II or III
        :param severity: normal, tightened or reduced
        :param standard: iso_2859_1_1999, gb_t_2828_1_2012, mil_std_105e or ansi_asq_z1_4_2003
        :param mode: ``percent`` (nonconforming units) or ``per_100`` (nonconformities per 100
            items); an AQL above 10 exists only as the latter
        :return: ``{"version", "code_letter", "plan_letter", "sample_size", "accept", "reject",
            "full" (every unit), "table_size", "arrow", "gap", "single_source", "standard", "level",
            "aql", "severity", "mode"}``; ``sample_size`` never exceeds the lot, ``arrow`` says that
            all three numbers come from the row the arrow leads to
        :raise UserError: an argument is not one that the standard has
        """
        if not self.env.su and not self.env.user.has_group("med_base.med_base_group_viewer"):
            raise AccessError(self.env._("Sampling plans are for the roles of medical devices."))
        try:
            plan = sampling.plan(tables(), lot_size, level, aql, severity, standard, mode)
        except sampling.PlanError as error:
            raise UserError(self._sentence(error)) from error
        return {"version": VERSION, **{name: getattr(plan, name) for name in (
            "code_letter", "plan_letter", "sample_size", "accept", "reject", "full", "table_size",
            "arrow", "gap", "single_source", "standard", "level", "aql", "severity", "mode")}}

    @api.model
    def _sentence(self, error):
        """Return what a person reads of a plan that does not follow."""
        choices = {
            "level": sampling.LEVELS, "severity": sampling.SEVERITIES, "mode": sampling.MODES,
            "standard": tables().standards, "aql": tables().aqls}
        if error.code == "not_held":
            return self.env._(
                "The table “%(severity)s” of this standard is not in this product: it has to be "
                "entered by who holds the standard.", severity=error.value)
        if error.code == "only_per_100":
            return self.env._(
                "“aql”: %(aql)s exists only for nonconformities per 100 items.", aql=error.value)
        if error.field in choices:
            return self.env._(
                "“%(field)s” must be one of: %(values)s.", field=error.field,
                values=", ".join(choices[error.field]))
        return self.env._("“%(field)s” must be a whole number from 1.", field=error.field)
