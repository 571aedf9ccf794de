from odoo import api, fields, models
from odoo.tools import SQL

VERSION = 1
LAG, VERIFIED, ANCHORED = 600, 8, 8
"""Seconds and days after which the dashboard warns that nothing was sealed, verified, anchored."""
LOOKED_AT = ("sign_in_refused", "signature_refused", "signing_locked")


class MedAuditEntry(models.Model):
    """The state of the trail at a glance."""

    _inherit = "med.audit.entry"

    @api.model
    @api.readonly
    def dashboard(self):
        """Tell how the audit trail stands now.

        :return: ``{"version", "today" (entries since midnight UTC), "origins": [{"origin",
            "label", "count"}], "lag": {"entries", "seconds", "since", "problem"}, "checkpoint":
            {"size", "at"}, "anchor": {"kind", "at", "state", "size"}, "verification": {"at",
            "state", "verified"}, "alarms": [{"key", "text"}]}``; what has never been is {}
        :raise AccessError: the caller may not search the trail
        """
        self.check_access("read")
        origins = self._dashboard_origins()
        answer = {
            "version": VERSION, "today": sum(row["count"] for row in origins), "origins": origins,
            "lag": self.env["med.audit.checkpoint"].sudo()._lag(),
            "checkpoint": self._dashboard_last("med.audit.checkpoint", size="size", at="at"),
            "anchor": self._dashboard_last(
                "med.audit.anchor", kind="kind", at="create_date", state="state", size="size"),
            "verification": self._dashboard_last(
                "med.audit.verification", at="create_date", state="state", verified="verified"),
        }
        return answer | {"alarms": self._dashboard_alarms(answer)}

    @api.model
    def _dashboard_origins(self):
        labels = dict(self._fields["origin"]._description_selection(self.env))
        counts = self.env.execute_query(SQL(
            """SELECT origin, count(*) FROM med_audit_entry
                WHERE at >= %s AND (company_id IS NULL OR company_id = ANY(%s))
             GROUP BY origin ORDER BY count(*) DESC""",
            fields.Datetime.now().replace(hour=0, minute=0, second=0), self.env.companies.ids))
        return [{"origin": origin, "label": labels.get(origin, origin), "count": count}
                for origin, count in counts]

    @api.model
    def _dashboard_last(self, model, **names):
        last = self.env[model].sudo().search([], limit=1)
        if not last:
            return {}
        found = {}
        for key, name in names.items():
            field, value = last._fields[name], last[name]
            if field.type == "datetime":
                value = f"{value.isoformat()}Z" if value else ""
            found[key] = value
            if field.type == "selection":
                found[f"{key}_label"] = dict(field._description_selection(self.env))[value]
        return found

    @api.model
    def _dashboard_alarms(self, answer):
        """Return what somebody should look at; an addon adds its own."""
        _, alarms = self.env._, []

        def alarm(key, text):
            alarms.append({"key": key, "text": text})

        broken = [tbl for tbl, problem in self.env.execute_query(SQL(
            "SELECT tbl, problem FROM med_audit.expected()")) if problem]
        if broken:
            alarm("triggers", _("Capture does not stand on: %s", ", ".join(sorted(broken))))
        lag = answer["lag"]
        if lag["problem"] or lag["seconds"] > LAG:
            alarm("lag", lag["problem"] or _(
                "The oldest entry waits for its seal since %s minutes.", lag["seconds"] // 60))
        past = sum(row["count"] for row in answer["origins"] if row["origin"] == "database")
        if past:
            alarm("database", _("%s changes past Odoo, in the database, today", past))
        refused = self.search_count([
            ("event", "in", LOOKED_AT), ("at", ">=", fields.Datetime.subtract(
                fields.Datetime.now(), days=1))])
        if refused:
            alarm("refused", _("%s refused sign-ins and signatures in 24 hours", refused))
        for key, days, late, never in (
                ("verification", VERIFIED, _("The trail was not verified for %s days.", VERIFIED),
                 _("The trail was never verified.")),
                ("anchor", ANCHORED, _("No checkpoint left the machine for %s days.", ANCHORED),
                 _("No checkpoint is kept outside this machine."))):
            at = answer[key].get("at", "")
            if at < fields.Datetime.subtract(fields.Datetime.now(), days=days).isoformat():
                alarm(key, late if at else never)
        if answer["verification"].get("state") == "broken":
            alarm("verification", _("The last verification found the trail not as it was sealed."))
        if answer["anchor"].get("state") == "failed":
            alarm("anchor", _("The last attempt to anchor failed."))
        return alarms
