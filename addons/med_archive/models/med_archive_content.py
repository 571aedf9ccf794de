import mimetypes

from odoo import api, models
from odoo.addons.med_base.tools.evidence import canonical_json
from odoo.addons.med_traceability.models.stock_lot_evidence import MAX_LOTS as MAX_TOGETHER
from odoo.exceptions import UserError

from ..tools import bag

MAX_BYTES = 200 * 1024 * 1024
MAX_HISTORY = 50_000
MAX_LOTS = 500


class MedArchivePackage(models.Model):
    """What is put into a package: what the maker of it may read, no more."""

    _inherit = "med.archive.package"

    @api.model
    def _med_content(self, record):
        """Return ``(payload, titles, proof)`` of a lot or a release.

        :return: ``{path: bytes}``, ``{path: title}``, and how many entries of the trail are in it
            with proof, of how many
        """
        files, titles = {}, {}

        def put(folder, name, title, data):
            titles[bag.add(files, folder, name, data)] = title
            if sum(map(len, files.values())) > MAX_BYTES:
                raise UserError(self.env._(
                    "%(name)s has more than %(most)s MB on file, which is more than a package "
                    "holds. Hand the large attachments over by themselves.",
                    name=record.display_name, most=MAX_BYTES // 1024 ** 2))

        is_lot = record._name == "stock.lot"
        releases = self._med_releases(record) if is_lot else record
        lots = record if is_lot else self.env["stock.lot"].browse(record._med_output_lots().ids)
        lots.check_access("read")
        if len(lots) > MAX_LOTS:
            raise UserError(self.env._(
                "%(name)s made %(count)s lots or serials, and a package holds at most %(most)s: "
                "make packages of the lots, in parts.", name=record.display_name,
                count=len(lots), most=MAX_LOTS))
        for start in range(0, len(lots), MAX_TOGETHER):
            some = lots[start:start + MAX_TOGETHER]
            title = self.env._("Evidence of %s", ", ".join(some.mapped("name"))[:200])
            put("evidence", "evidence.json", title, some._med_evidence_json())
            put("evidence", "evidence.pdf", title, some._med_evidence_pdf())
        for release in releases:
            self._med_put_release(release, put)
        for one in (*lots, *releases, *releases.production_id):
            self._med_put_attachments(one, put)
        proof = self._med_put_history([*lots, *releases, *releases.production_id], put)
        return files, titles, proof

    @api.model
    def _med_releases(self, lot):
        """Return the releases of the orders that made a lot."""
        return self.env["med.release"].search([("line_ids.lot_id", "=", lot.id)], order="id")

    @api.model
    def _med_put_release(self, release, put):
        folder = f"release/{bag.safe_name(release.name)}"
        title = self.env._("Batch record of %s", release.production_id.name)
        put(folder, "batch_record.json", title, release._med_record_json())
        put(folder, "batch_record.pdf", title, release._med_record_pdf())
        # Without a valid release there is no certificate, and the package says so by not having it.
        if release.sudo()._med_is_released() and release.med_signature_status == "valid":
            put(folder, "certificate.pdf", self.env._("Certificate of conformity"),
                release._med_certificate_pdf())

    @api.model
    def _med_put_attachments(self, record, put):
        folder = f"attachments/{record._name}/{record.id}"
        for file in self.env["ir.attachment"].search([
                ("res_model", "=", record._name), ("res_id", "=", record.id),
                ("res_field", "=", False), ("type", "=", "binary")], order="id"):
            if not file.raw and file.file_size:
                raise UserError(self.env._(
                    "The attachment “%(file)s” of %(record)s is gone from the filestore. Restore "
                    "it from the backup first: an incomplete package is not made.",
                    file=file.name, record=record.display_name))
            put(folder, file.name or "file", file.name or "", file.raw or b"")

    @api.model
    def _med_put_history(self, records, put):
        """Put the audit history of records into the package.

        :return: ``(how many entries are in the sealed log, how many there are)``
        """
        Entry, sealed, total = self.env["med.audit.entry"], 0, 0
        provable = Entry.has_access("read") and Entry._export_checkpoint()
        for record in records:
            folder, history = f"audit/{record._name}/{record.id}", self._med_history(record)
            put(folder, "history.json", self.env._("Audit history of %s", record.display_name),
                canonical_json(history))
            proved = sum(bool(one["sealed"]) for one in history["entries"])
            total += len(history["entries"])
            if provable and proved:
                _name, data, _count = Entry._export("zip", {
                    "model": record._name, "res_id": record.id, "date_from": "", "date_to": ""})
                put(folder, "trail_with_proof.zip",
                    self.env._("Audit trail of %s with proof", record.display_name), data)
                sealed += proved
        return sealed, total

    @api.model
    def _med_history(self, record):
        """Return the whole history of a record, newest first."""
        answer = self.env["med.audit.entry"].history(record._name, record.id, limit=500)
        entries, page = answer["entries"], answer
        while page["more"]:
            page = self.env["med.audit.entry"].history(
                record._name, record.id, limit=500, before=page["next"])
            entries += page["entries"]
            if len(entries) > MAX_HISTORY:
                raise UserError(self.env._(
                    "%(name)s has more than %(most)s entries in the audit trail: export the trail "
                    "by itself.", name=record.display_name, most=MAX_HISTORY))
        return {**answer, "more": False, "next": "", "entries": entries}

    @api.model
    def _med_mimetype(self, path):
        return mimetypes.guess_type(path)[0] or "application/octet-stream"
