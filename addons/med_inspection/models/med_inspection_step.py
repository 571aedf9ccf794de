from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import frozen
from ..tools.sampling import stricter_accept
from ..tools.switching import Lot, State, after
from .med_sampling import tables

DECISIONS = ("accept", "concession", "reject")


class MedInspection(models.Model):
    """Submitting, accepting, conceding, rejecting: who may, when, and what follows."""

    _inherit = "med.inspection"

    # ------------------------------------------------------------------ before

    def _med_check_signer(self, proof, transition, slot):
        super()._med_check_signer(proof, transition, slot)
        second = transition.name == "concession" or (
            transition.name == "accept" and self._med_needs_second())
        if second and proof.user.sudo() in self._med_hands():
            self._med_refuse_step(transition.name, self.env._(
                "Another person than who entered or submitted the results accepts here."))
        if transition.name in ("submit", "accept", "reject"):
            self.with_user(proof.user)._check_may_work()

    def _med_needs_second(self):
        """Return whether who worked on the results may not accept them."""
        return bool(self.frozen["plan"]["second_person"] or self.doubtful)

    def _med_hands(self):
        """Return who entered readings or submitted them."""
        mine = self.sudo()
        signed = mine._med_given().filtered_domain([("transition", "=", "submit")])
        return self.env["res.users"].sudo().browse(
            {row["user"] for row in mine._rows()}) | signed.user_id.sudo()

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if frozen.digest(self.frozen) != self.frozen_digest:
            raise UserError(self.env._(
                "%(name)s: the plan is not the one that was frozen.", name=self.name))
        if transition.name == "cancel":
            if self.reading_ids:
                raise UserError(self.env._(
                    "%(name)s has readings: submit or reject it.", name=self.name))
            return
        running = self.oos_ids.filtered(lambda one: one.state == "open")
        if running and transition.name != "reject":
            raise UserError(self.env._(
                "%(records)s: conclude the record first.",
                records=", ".join(running.mapped("name"))))
        told = self._follow()
        getattr(self, f"_check_{transition.name}")(told)

    def _check_submit(self, told):
        if not told.complete and told.outcome != "not_accepted":
            raise UserError(self.env._(
                "%(name)s: still missing: %(what)s.", name=self.name,
                what=self._missing_words(told)))

    def _check_accept(self, told):
        if told.outcome not in ("accepted", "omitted"):
            raise UserError(self.env._(
                "%(name)s: the results do not allow to accept the lot.", name=self.name))
        self._check_documents()
        stopped = self.env["med.switching"]._stopped(self)
        if stopped:
            raise UserError(self.env._(
                "Acceptance of these lots is stopped (%(series)s): it is taken up again after the "
                "supplier's action.", series=stopped[0].display_name))

    def _check_concession(self, told):
        if not told.complete and told.outcome != "not_accepted":
            raise UserError(self.env._(
                "%(name)s: still missing: %(what)s.", name=self.name,
                what=self._missing_words(told)))
        if not 0 < self.concession_quantity <= self.quantity:
            raise UserError(self.env._(
                "The units under concession must be from 1 to %(quantity)s.",
                quantity=self.quantity))
        self._med_check_concession()

    def _check_reject(self, told):
        """A lot can be rejected at any time: for what is seen before all is measured."""

    def _med_check_concession(self):
        """Refuse a concession by raising UserError. For addons that keep deviations."""

    def _check_documents(self):
        lacking = self.document_ids.filtered(
            lambda one: (one.required and not one.ok) or (one.checked_by_id and not one.ok))
        if lacking:
            raise UserError(self.env._(
                "Not checked, or not right: %(documents)s.",
                documents=", ".join(lacking.mapped("name"))))

    def _missing_words(self, told):
        names = {row["key"]: row["name"] for row in self.frozen["characteristics"]}
        words = []
        for code, subject in told.reasons[:5]:
            if code == "missing":
                key, _slash, rest = subject.partition("/")
                unit = rest.rpartition("/")[0]
                words.append(f"{names.get(key, key)} ({unit})" if unit else names.get(key, key))
            else:
                words.append(self.env._("a usable value") if code == "unusable" else subject)
        more = max(0, len(told.reasons) - 5)
        return ", ".join(filter(None, words)) + (
            self.env._(" and %(count)s more", count=more) if more else "")

    # ------------------------------------------------------------------ after

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "submit":
            self._med_store({"submitted_at": fields.Datetime.now()})
            self._med_after_readings()
        if transition.name in DECISIONS:
            self._med_store({"decided_at": fields.Datetime.now()})
            self._count_in_series(transition.name)
            self.activity_ids.unlink()
        if transition.name == "accept" and self.frozen["plan"]["release_on_accept"]:
            self._propose_release()
        if transition.name == "reject":
            self._hold_rejected()
            self._med_open_nonconformity()

    def _med_after_readings(self):
        """Look at submitted readings. For control charts."""

    def _med_open_nonconformity(self):
        """Begin what a rejected lot needs. For addons that keep nonconformities."""

    def _count_in_series(self, decision):
        """Let this lot move the severity of its series (ISO 2859-1:1999, 9.3 and 9.4).

        A class that was not examined to its end when the lot was rejected counts as not accepted:
        otherwise rejecting early would hide bad lots from the rules.
        """
        told = {one.defect_class: one for one in self._judge().classes}
        for name, row in self.frozen["classes"].items():
            if row["method"] != "aql":
                continue
            plan, result = frozen.read_plan(row["plan"]), told[name]
            found = result.found
            if decision == "reject" and result.outcome == "incomplete":
                found = max(found, plan.reject)
            series = self.env["med.switching"]._series(self, name, plan)
            lot = Lot(plan, found, stricter_accept(tables(), plan), bool(self.resubmission_of_id))
            before = series._take(
                after(series._rules(), State.read(series.state), lot), inspection=self)
            if series.severity == "stopped" != before:
                series._tell_stopped(self)

    def _lots(self):
        """Return the lots that a decision about this inspection concerns."""
        return (self.lot_ids or self.production_id.lot_producing_ids).filtered(
            "product_id.med_controlled")

    def _hold_rejected(self):
        if lots := self._lots():
            self.env["med.hold"]._place(
                lots, self.env._("%(name)s: rejected", name=self.name), "inspection",
                document=self, owner=self.user_id or self.env.user)

    def _propose_release(self):
        """List the accepted lots for release, all in the one list that waits for a signature."""
        Disposition = self.env["med.disposition"].sudo()
        lots = self._lots().filtered(
            lambda lot: lot.med_status == "quarantine" and not lot.med_hold_count)
        proposal = Disposition.search([
            ("state", "=", "draft"), ("med_proposed", "=", True),
            ("company_id", "=", self.company_id.id)], limit=1) or Disposition.create({
                "company_id": self.company_id.id, "kind": "decision", "med_proposed": True,
                "note": self.env._("Accepted by inspection"), "line_ids": [], "set_status": False})
        known = proposal.line_ids.lot_id
        self.env["med.disposition.line"].sudo().create([{
            "disposition_id": proposal.id, "lot_id": lot.id, "status": "released",
            "note": self.name} for lot in lots - known])
