from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..exceptions import ReasonRequired
from . import person

REASON_LENGTH = 2000
TALK = ("message_", "activity_", "website_message_", "rating_")  # chatter is no regulated content


class Base(models.AbstractModel):
    """Changes of submitted records need a reason, and reasons reach the audit trail.

    The context keys ``med_reason`` (text) and ``med_event_time`` (ISO 8601, UTC without an offset:
    when a late entry happened) are statements of the caller. They authorise nothing.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        self._med_audit_state()
        return super().create(vals_list)

    def write(self, vals):
        self._med_audit_guard(vals)
        return super().write(vals)

    def unlink(self):
        self._med_audit_guard(None)
        return super().unlink()

    def _auto_init(self):
        person.installing(self.env.cr)
        return super()._auto_init()

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        if self._name in self.env["med.audit.policy"]._get_audited():
            self.env["med.audit.entry"]._record_event("export", self[:0], {
                "fields": ", ".join(fields_to_export), "count": len(self),
                "records": ", ".join(map(str, self.ids[:1000])),
            }, own_cursor=True)
        return result

    def _med_audit_guard(self, vals):
        """Raise ReasonRequired if this write (``vals``) or deletion (None) lacks its reason."""
        stated = self._med_audit_state()
        if self.env.su or not self:
            return
        rules = self.env["med.audit.policy"]._get_reason_rules()
        domain, covered = rules.get(self._name, (None, ()))
        if domain is None or stated:
            return
        names = self._med_audit_touched(vals, covered)
        if vals is not None and not names:
            return
        submitted = self.sudo().filtered_domain(Domain(domain))
        if submitted:
            raise self._med_audit_error(submitted, names)

    def _med_audit_touched(self, vals, covered):
        """Return the names of the fields in ``vals`` whose change needs a reason."""
        if vals is None:
            return []
        return sorted(name for name in vals if name in covered or not covered
                      and name in self._fields and not name.startswith(TALK))

    def _med_audit_error(self, submitted, names):
        model = self.env["ir.model"]._get(self._name).name
        labels = [found["string"] for found in self.fields_get(names, ["string"]).values()]
        error = ReasonRequired(self.env._(
            "%(model)s %(ids)s is submitted: a change of %(fields)s needs a reason. Give it with "
            "the call, in the context key med_reason.",
            model=model, ids=", ".join(map(str, submitted.ids[:10])), fields=", ".join(labels),
        ) if names else self.env._(
            "%(model)s %(ids)s is submitted: deleting it needs a reason. Give it with the call, in "
            "the context key med_reason.",
            model=model, ids=", ".join(map(str, submitted.ids[:10])),
        ))
        error.context = {"model": self._name, "label": model, "fields": labels,
                         "res_ids": submitted.ids[:100], "count": len(submitted)}
        return error

    def _med_audit_state(self):
        """Tell PostgreSQL the reason and the event time of the caller; return the reason, if any.

        They hold until the end of the transaction. Changes that wait in memory under another
        reason are written first.
        """
        context = self.env.context
        if "med_reason" not in context and "med_event_time" not in context:
            return ""
        reason = context.get("med_reason") or ""
        when = context.get("med_event_time") or ""
        if not isinstance(reason, str) or len(reason) > REASON_LENGTH:
            raise UserError(self.env._(
                "med_reason must be a text of at most %(length)s characters.", length=REASON_LENGTH,
            ))
        reason, stated = reason.strip(), self.env.cr.precommit.data
        if stated.get("med_audit") != (reason, when):
            moment = self._med_audit_moment(when)
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT set_config('med_audit.reason', %s, true),"
                " set_config('med_audit.event_at', %s, true)", [reason, moment],
            )
            stated["med_audit"] = (reason, when)
        return reason

    def _med_audit_moment(self, when):
        """Return an ISO 8601 time as PostgreSQL's text in UTC; raise UserError if it is none."""
        if not when:
            return ""
        try:
            moment = datetime.fromisoformat(str(when).replace("Z", "+00:00"))
        except ValueError as error:
            raise UserError(self.env._("med_event_time must be an ISO 8601 time.")) from error
        if moment.utcoffset() is not None:
            moment = (moment - moment.utcoffset()).replace(tzinfo=None)
        if moment > fields.Datetime.now():
            raise UserError(self.env._("med_event_time lies in the future."))
        return moment.isoformat(" ")
