from odoo import models
from odoo.addons.med_signature.models.med_signable_step import perform
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import checks


class MedRelease(models.Model):
    """Who signs a release, what must be there before, and what follows for the lots."""

    _inherit = "med.release"

    def _med_check_signer(self, proof, transition, slot):
        """The maker's person signs for the maker, the registrant's for the registrant.

        Either may refuse or withdraw.
        """
        bound = {"produce": self.company_id, "market": self.registrant_company_id}.get(
            transition.name, self.company_id | self.registrant_company_id)
        company = (bound & proof.user.sudo().company_ids)[:1]
        if not company:
            self._med_refuse_step(transition.name, self.env._(
                "%(name)s does not belong to %(company)s, for which this is signed.",
                name=proof.user.name, company=" / ".join(bound.mapped("name"))))
        # Whatever meanings a signing rule puts in place of the declared ones.
        if transition.name == "market" and proof.user.sudo() in self._med_given().filtered(
                lambda row: row.transition == "produce").user_id:
            self._med_refuse_step(transition.name, self._med_clash_sentence("released"))
        return super(MedRelease, self.with_company(company))._med_check_signer(
            proof, transition, slot)

    def _med_transitions(self):
        """The market release is nobody's where the products do not ask for it."""
        return [one for one in super()._med_transitions()
                if one.name != "market" or self.level == "market"]

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        stage = {"produce": "production", "market": "market"}.get(transition.name)
        if not stage:
            return
        self._med_keep_level()
        self._med_keep_registrant()
        rows = self._med_checks(stage)
        if found := checks.missing(rows):
            left = checks.count(rows, checks.MISSING) - len(found)
            raise UserError(self.env._(
                "Not yet: %(what)s", what="; ".join(
                    [f"{label}: {text}" for label, text in found]
                    + ([self.env._("and %(count)s more", count=left)] if left else []))))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "reopen":
            self._med_reopen_goods()
        if transition.name == "refuse":
            self._med_take_back()
        if transition.name == "produce":
            self._med_freeze_lines()
        if transition.name in ("produce", "market"):
            self._med_freeze("production" if transition.name == "produce" else "market")
            self._med_release_lots()

    def _med_freeze(self, stage):
        """Keep what the release rests on, in each language that is in use."""
        langs = {code for code, _name in self.env["res.lang"].get_installed()} | {"en_US"}
        self._med_write_own({f"{stage}_frozen": {
            lang: self.with_context(lang=lang, tz="UTC")._med_checks(stage) for lang in langs}})

    def _med_freeze_lines(self):
        made = self._med_made()
        with permit("med.release.line", (), self.id):
            self.env["med.release.line"].sudo().create([
                {"release_id": self.id, "lot_id": lot.id, "quantity": quantity}
                for lot, quantity in made.items()])

    def _med_reopen_changed(self):
        signed = self.filtered(lambda release: release.state != "open")
        super()._med_reopen_changed()
        for release in signed.sudo().filtered(lambda one: one.state == "open"):
            release._med_reopen_goods()

    def _med_reopen_goods(self):
        """Begin anew: what was released by it is in quarantine again."""
        self._med_take_back()
        with permit("med.release.line", self.line_ids.ids, self.id):
            self.line_ids.unlink()
        self._med_write_own({"production_frozen": False, "market_frozen": False})
        self._med_keep_level()

    def _med_take_back(self):
        """Put the lots in quarantine, and what was split, merged or relabelled of them."""
        lots = self.line_ids.lot_id._med_parts().filtered(
            lambda lot: lot.med_status in ("released", "conditional"))
        lots._med_set_status("quarantine")

    def _med_release_lots(self):
        """Give the lots their status, once every order that made them is released."""
        if not self._med_is_released():
            return
        self.env.flush_all()
        lots = self._med_releasable()
        if not lots:
            return
        Disposition = self.env["med.disposition"].sudo().with_context({}, lang=self.env.lang)
        disposition = Disposition.create({
            "kind": "release", "company_id": self.company_id.id, "release_id": self.id,
            "note": self.name, "line_ids": [
                Command.create({"lot_id": lot.id, "status": "released"}) for lot in lots]})
        step = disposition._med_find_transition("release")
        disposition._med_before_transition(step)
        # The signature is the one of this release: its content names each of these lots.
        perform(disposition, step, self.name)

    def _med_is_released(self):
        """Return whether the last signature that the product asks for has been given."""
        return self.state == "market_released" or (
            self.state == "production_released" and self.level == "production")
