import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import bag

MAX_FILE = 10 * 1024 * 1024


class MedArchivePackage(models.Model):
    """Handing a package over, and what the archive says."""

    _inherit = "med.archive.package"

    def hand_over(self, archive: str):
        """Say that packages were handed to an archive; each is verified first.

        :param archive: its name
        :return: ``{"version": 1, "packages": {number: state}}``
        :raise UserError: a package is damaged, or was handed over before
        """
        archive = self._med_text(archive, self.env._("Name the archive, up to 200 characters."))
        self._med_lock("made")
        for one in self:
            if not one._med_verify()["valid"]:
                raise UserError(self.env._(
                    "%s is damaged and is not handed over: verify it, and make a new one.",
                    one.name))
        self._store({"state": "handed_over", "archive": archive, "handed_user_id": self.env.uid,
                     "handed_time": fields.Datetime.now()})
        return self._med_states()

    def receive(self, number: str, receipt_name: str = "", receipt_file: str = ""):
        """Note the archive's receipt of one package.

        :param number: its number in the archive
        :param receipt_name: name of the receipt's file, if any
        :param receipt_file: its bytes in base64
        :return: ``{"version": 1, "packages": {number: state}}``
        """
        self.ensure_one()
        number = self._med_text(number, self.env._(
            "Give the number in the archive, up to 200 characters."))
        self._med_lock("handed_over")
        data = self._med_decode(receipt_file) if receipt_file else b""
        self._store({
            "state": "archived", "receipt_number": number, "receipt_user_id": self.env.uid,
            "receipt_time": fields.Datetime.now(),
            "receipt_name": str(receipt_name or "receipt")[:200] if data else False,
            "receipt_file": base64.b64encode(data) if data else False,
            "receipt_sha256": bag.sha256(data) if data else False})
        return self._med_states()

    def refuse(self, reason: str):
        """Note that the archive refused packages, and why; make new ones then.

        :return: ``{"version": 1, "packages": {number: state}}``
        """
        reason = self._med_text(reason, self.env._("Say why, up to 200 characters."))
        self._med_lock("handed_over")
        self._store({"state": "refused", "refusal": reason, "receipt_user_id": self.env.uid,
                     "receipt_time": fields.Datetime.now()})
        return self._med_states()

    def action_hand_over(self):
        """Ask to which archive packages were handed."""
        return self._med_open_step("hand_over", self.env._("Handed Over"))

    def action_receive(self):
        """Ask for the archive's receipt."""
        return self._med_open_step("receive", self.env._("Receipt of the Archive"))

    def action_refuse(self):
        """Ask why the archive refused."""
        return self._med_open_step("refuse", self.env._("Refused by the Archive"))

    def _med_open_step(self, step, title):
        return {
            "type": "ir.actions.act_window", "name": title, "res_model": "med.archive.step",
            "views": [(False, "form")], "target": "new",
            "context": {"default_package_ids": self.ids, "default_step": step},
        }

    def _med_lock(self, *states):
        if not self:
            raise UserError(self.env._("Choose packages first."))
        for one in self:
            super(MedArchivePackage, one)._med_lock(*states)

    def _med_states(self):
        return {"version": 1, "packages": {one.name: one.state for one in self}}

    def _med_text(self, text, sentence):
        if not isinstance(text, str) or not text.strip() or len(text) > 200:
            raise UserError(sentence)
        return text.strip()

    def _med_decode(self, content):
        try:
            if not isinstance(content, (str, bytes)) or len(content) > 2 * MAX_FILE:
                raise ValueError
            data = base64.b64decode(content, validate=True)
            if not data or len(data) > MAX_FILE:
                raise ValueError
        except (ValueError, binascii.Error) as error:
            raise UserError(self.env._(
                "The file is empty, larger than %s bytes, or not base64.", MAX_FILE)) from error
        return data
