from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import retention

CONTRACT_VERSION = 1
FLAGS = ("implant", "has_expiry", "class_1")


class MedRetentionRule(models.Model):
    """How long one class of records must be kept under one regime."""

    _name = "med.retention.rule"
    _description = "Retention Rule"
    _inherit = ["med.statutory.mixin"]
    _order = "jurisdiction_id, record_class, regime, id"

    jurisdiction_id = fields.Many2one(help="Empty: holds on every market.")
    record_class = fields.Selection(
        [
            ("all", "All records"),
            ("quality", "Design, production and quality records"),
            ("distribution", "Acceptance and distribution records"),
            ("recall", "Recalls, corrections and removals"),
            ("vigilance", "Complaints and adverse events"),
            ("udi", "UDI records"),
        ],
        required=True, default="all", tracking=True,
    )
    condition = fields.Selection(
        [
            ("always", "Every device"),
            ("implant", "Implants"),
            ("not_implant", "Devices that are not implants"),
            ("expiry", "Devices with an expiry date"),
            ("no_expiry", "Devices without an expiry date"),
            ("class_1", "Class I devices"),
            ("not_class_1", "Devices above class I"),
        ],
        required=True, default="always", string="Applies To", tracking=True,
    )
    for_ever = fields.Boolean(tracking=True)
    years = fields.Integer(tracking=True)
    base = fields.Selection(
        [
            ("release", "Release"),
            ("expiry", "Expiry date"),
            ("life_end", "End of device life"),
            ("certificate_end", "End of the registration certificate"),
            ("last_market", "Last device placed on the market"),
            ("record", "Date of the record"),
        ],
        string="Counted From", required=True, default="record", tracking=True,
    )
    period = fields.Char(string="Keep", compute="_compute_period")

    _years_positive = models.Constraint("CHECK (years >= 0)", "Years are not negative.")

    @api.depends("for_ever", "years", "base")
    @api.depends_context("lang")
    def _compute_period(self):
        bases = dict(self._fields["base"]._description_selection(self.env))
        for rule in self:
            base = bases.get(rule.base, "")
            if rule.for_ever:
                rule.period = self.env._("For ever")
            elif rule.years:
                rule.period = self.env._(
                    "%(base)s + %(years)s years", base=base, years=rule.years,
                )
            else:
                rule.period = self.env._("Until: %(base)s", base=base)

    @api.model
    @api.readonly
    def med_effective(self, record_class: str, facts: dict, markets: list):
        """Return how long a record must be kept: the longest of the markets wins.

        Counted are the rules of ``markets`` and of the jurisdictions that are in force for the
        company, in their versions since the date of the record, and the company's own minimum.
        What is not known is kept: the status is then ``unknown``.

        :param record_class: one of the classes of retention rules, for example ``quality``
        :param facts: ISO dates ``release``, ``expiry``, ``life_end``, ``certificate_end``,
            ``last_market``, ``record`` and booleans ``implant``, ``has_expiry``, ``class_1``;
            leave out what is not known
        :param markets: codes of jurisdictions, for example ``["CN", "EU"]``
        :return: ``{"status": "until", "for_ever" or "unknown", "until": ISO date or "",
            "rules": [{"id", "name", "source"}], "missing": [...], "version": 1}``
        :raise UserError: an argument cannot be used
        """
        self.browse().check_access("read")
        Jurisdiction = self.env["med.jurisdiction"]
        if not isinstance(markets, list):
            raise UserError(self.env._("markets must be a list of codes of jurisdictions."))
        jurisdictions = Jurisdiction.union(*map(Jurisdiction._med_get, markets))
        result = self._effective(record_class, self._read_facts(facts), jurisdictions)
        own = self.env._("Minimum of the company")
        rules = {rule.id: rule for rule in self.browse([key for key in result.decisive if key])}
        return {
            "status": result.status,
            "until": result.until.isoformat() if result.until else "",
            "rules": [
                {"id": key, "name": rules[key].name if key else own,
                 "source": rules[key].source if key else own}
                for key in result.decisive
            ],
            "missing": list(result.missing),
            "version": CONTRACT_VERSION,
        }

    @api.model
    def _effective(self, record_class, facts, jurisdictions):
        """Return the ``retention.Retention`` of a record of the current company.

        :param facts: ``retention.Facts``
        :param jurisdictions: markets the device went to; those in force for the company are added
        """
        classes = dict(self._fields["record_class"]._description_selection(self.env))
        if not isinstance(record_class, str) or record_class not in classes:
            raise UserError(self.env._(
                "record_class must be one of %(classes)s.", classes=", ".join(classes),
            ))
        company = self.env.company.sudo()
        jurisdictions |= company.med_jurisdiction_ids
        today = fields.Date.context_today(self)
        rules = self.search([
            ("record_class", "in", ["all", record_class]),
            *self._domain_company(),
            *self._domain_valid(facts.dates.get("record") or today, today),
        ])
        found = [rule._to_tool() for rule in rules]
        if company.med_retention_min_years:
            found.append(retention.Rule(0, "", years=company.med_retention_min_years))
        try:
            return retention.effective(found, facts, jurisdictions.mapped("code"))
        except retention.RetentionError as error:
            raise UserError(self.env._("The end of retention is beyond the calendar.")) from error

    def _to_tool(self):
        self.ensure_one()
        return retention.Rule(
            key=self.id, market=self.jurisdiction_id.code or "", condition=self.condition,
            base=self.base, years=self.years, for_ever=self.for_ever,
        )

    @api.model
    def _read_facts(self, facts):
        """Return ``retention.Facts`` of plain JSON values; raise UserError on what is not one."""
        if not isinstance(facts, dict):
            raise UserError(self.env._("facts must be an object of names and values."))
        dates, flags = {}, {}
        for name, value in facts.items():
            if name in FLAGS and isinstance(value, bool):
                flags[name] = value
            elif name in retention.BASES and isinstance(value, str):
                try:
                    dates[name] = fields.Date.to_date(value)
                except ValueError as error:
                    raise UserError(self.env._(
                        "facts: %(name)s must be an ISO 8601 date.", name=name,
                    )) from error
            else:
                raise UserError(self.env._(
                    "facts: %(name)s is not a fact that is known here, or its value is of the "
                    "wrong type.", name=name,
                ))
        return retention.Facts(dates=dates, **flags)
