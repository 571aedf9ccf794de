from odoo import models
from odoo.tools import SQL, float_repr

SHOWN = 40  # lots named in the text of a report; all of them stand in the annex


class MedRecall(models.Model):
    """What a recall can say in a report to an authority, by the names its items use."""

    _inherit = "med.recall"

    def _med_report_values(self, report):
        """Return name → text of everything that is known; empty text where it is not (a hook)."""
        self.ensure_one()
        record = self.sudo()
        figures = record._med_figures()
        known = {**record._med_values_device(report), **record._med_values_told(report),
                 **record._med_values_counts(report, figures),
                 "letters": record._med_letters_text(),
                 "number_806": record._med_number_806(report)}
        return {**known, "produced": _lines(known["made"], known["dates"])}

    def _med_values_told(self, report):
        level = self.level_ids.filtered(
            lambda one: one.jurisdiction_id == report.jurisdiction_id)[:1]
        company, owner = self.company_id, self.owner_id
        action = dict(self._fields["action"]._description_selection(self.env)).get(self.action)
        hazard = [self[f"hazard_{name}"] for name in (
            "event", "conditions", "population", "seriousness", "likelihood", "consequences",
            "conclusion")]
        kind = dict(level._fields["kind"]._description_selection(self.env)).get(level.kind)
        return {
            "reason": self.reason or "", "instruction": self.instruction or "",
            "action": _lines(action, self.instruction), "effect": self.effect or "",
            "hazard": _lines(*hazard), "harm": self.hazard_event or "",
            "event": _lines(self.reason, action, self.instruction),
            "level": _lines(kind, level.class_id.name, level.class_id.definition),
            "discovery": _lines(self._med_moment("aware_at"), self.reason)
            if self.aware_at else "",
            "decided": self._med_moment("decided_at"),
            "initiated": self._med_moment("initiated_at"),
            "course": _lines(*(
                f"{self._fields[name]._description_string(self.env)}: {self._med_moment(name)}"
                for name in ("aware_at", "decided_at", "initiated_at", "completed_at")
                if self[name])),
            "company": _lines(_party(company.partner_id)), "srn": company.med_eu_srn or "",
            "contact": _lines(_party(owner.partner_id), owner.partner_id.function)}

    def _med_values_device(self, report):
        lines = self.scope_id.line_ids
        lots, products = lines.lot_id, lines.product_id
        dis = self.env["med.udi.di"].search([("product_id", "in", products.ids)])
        registered = dis.registration_ids.filtered(
            lambda one: one.jurisdiction_id == report.jurisdiction_id)
        numbers = ", ".join(sorted({one.number for one in registered if one.number}))
        listings = ", ".join(sorted({one.listing_number for one in registered
                                     if one.listing_number}))
        shown = ", ".join(lots[:SHOWN].mapped("name"))
        if len(lots) > SHOWN:
            shown = self.env._("%(lots)s and %(more)s more (annex)", lots=shown,
                               more=len(lots) - SHOWN)
        names = ", ".join(products.mapped("display_name"))
        models_ = _lines(*(", ".join(filter(None, (
            one.name, one.trade_name, one.version_model, one.catalogue_number))) for one in dis))
        expiry = [day.date() for day in lots.mapped("expiration_date") if day]
        made = [day for day in lots.mapped("med_manufactured") if day]
        return {
            "product": names, "models": models_ or ", ".join(
                one.default_code for one in products if one.default_code),
            "lots": shown, "devices": _lines(names, shown) if lots else "",
            "registration_cn": numbers, "registration_us": _lines(numbers, listings),
            "dates": _lines(
                made and self.env._("Made %(first)s to %(last)s", first=min(made), last=max(made)),
                expiry and self.env._("Expiry %(first)s to %(last)s", first=min(expiry),
                                      last=max(expiry)))}

    def _med_values_counts(self, report, figures):
        """Return the texts made of figures; what no addon counts is left empty."""
        def text(*names, sentence):
            return sentence(*(_number(figures[one]) for one in names)) if all(
                one in figures for one in names) else ""

        env, lines = self.env, self.scope_id.line_ids
        countries = self.scope_id.delivery_ids.partner_id.country_id
        here = sum(row.net for row in self.scope_id.delivery_ids
                   if row.partner_id.country_id in report.jurisdiction_id.country_ids)
        total = self._med_units()
        return {
            "made": _number(total) if lines else "", "shipped_here": _number(here) if lines else "",
            "countries": ", ".join(countries.mapped("name")),
            "sales": env._(
                "%(total)s in scope, %(shipped)s shipped, %(returned)s returned",
                total=_number(total), shipped=_number(figures["shipped"]),
                returned=_number(figures["returned"])) if lines else "",
            "consignees": text("consignees", "countries", sentence=lambda *n: env._(
                "%(parties)s consignees in %(countries)s countries; see the annex",
                parties=n[0], countries=n[1])),
            "notified": text("sent", "notices", sentence=lambda *n: env._(
                "%(sent)s of %(all)s notices sent", sent=n[0], all=n[1])),
            "answered": text("answered", "held", sentence=lambda *n: env._(
                "%(answered)s answered; %(held)s on hand", answered=n[0], held=n[1])),
            "unanswered": text("unanswered", sentence=lambda *n: n[0]),
            "recalled": text("received_back", "corrected", sentence=lambda *n: env._(
                "%(back)s returned, %(corrected)s corrected", back=n[0], corrected=n[1])),
            "treated": text("destroyed", "replaced", sentence=lambda *n: env._(
                "%(destroyed)s destroyed, %(replaced)s replaced", destroyed=n[0], replaced=n[1])),
            "unaccounted": text("unaccounted", sentence=lambda *n: n[0]),
            "checks": text("checks_drawn", "checks_done", "checks_passed", sentence=lambda *n: (
                env._("%(drawn)s drawn, %(done)s done, %(passed)s passed", drawn=n[0], done=n[1],
                      passed=n[2])))}

    def _med_number_806(self, report):
        """Return the number that 21 CFR 806.10(c) asks for, for example 1234567-6/1/97-001-C."""
        registration = self.company_id.med_us_registration
        if not registration or not report.designation:
            return ""
        calendar = report.jurisdiction_id.calendar_id
        day = calendar._med_compute(
            calendar._med_instant(report.generated_at.isoformat()), 0, "calendar_day").last_day
        return (f"{registration}-{day.month}/{day.day}/{day:%y}-{report.number:03d}-"
                f"{report.designation.upper()}")

    def _med_moment(self, name):
        return f"{self[name]:%Y-%m-%d %H:%M} UTC" if self[name] else ""

    def _med_annex(self, jurisdiction):
        """Return who received how much of which lot, and when: rows of plain text and numbers.

        :param jurisdiction: whose report it is; the annex lists the consignees of all countries
        """
        scope = self.sudo().scope_id
        if not scope:
            return []
        self.env.flush_all()
        dates = {(lot, partner): (first, last) for lot, partner, first, last in
                 self.env.execute_query(SQL("""
            SELECT l.lot_id, p.partner_id, MIN(l.date)::date, MAX(l.date)::date
              FROM stock_move_line l
              JOIN stock_picking p ON p.id = l.picking_id
              JOIN med_recall_delivery d
                ON d.lot_id = l.lot_id AND d.partner_id = p.partner_id AND d.scope_id = %s
              JOIN stock_location t ON t.id = l.location_dest_id AND t.usage = 'customer'
             WHERE l.state = 'done'
          GROUP BY l.lot_id, p.partner_id""", scope.id))}
        rows = []
        for one in scope.delivery_ids:
            partner, days = one.partner_id, dates.get((one.lot_id.id, one.partner_id.id))
            rows.append({
                "partner": partner.display_name, "address": _address(partner),
                "telephone": partner.phone or "", "country": partner.country_id.code or "",
                "product": one.product_id.display_name, "lot": one.lot_id.name,
                "exact": one.exact, "shipped": one.shipped, "returned": one.returned,
                "net": one.net, "from": str(days[0]) if days else "",
                "to": str(days[1]) if days else ""})
        return rows


def _lines(*parts):
    return "\n".join(part for part in parts if part)


def _number(value):
    return str(value) if isinstance(value, int) else float_repr(value, 6).rstrip("0").rstrip(".")


def _address(partner):
    return ", ".join(filter(None, (partner.street, partner.street2, partner.zip, partner.city,
                                   partner.state_id.name, partner.country_id.name)))


def _party(partner):
    return ", ".join(filter(None, (partner.name, _address(partner), partner.phone, partner.email)))
