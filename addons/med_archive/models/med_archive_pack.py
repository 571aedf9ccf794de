import base64

from odoo import api, fields, models
from odoo.addons.med_base.tools.arguments import are_ids
from odoo.exceptions import UserError

from ..tools import bag, metadata

MAX_AT_ONCE = 20
PLAIN = ("lang", "tz", "allowed_company_ids")
SUBJECTS = {"stock.lot": "lot_id", "med.release": "release_id"}


class MedArchivePackage(models.Model):
    """Putting a package together."""

    _inherit = "med.archive.package"

    @api.model
    def pack(self, model: str, records: list):
        """Make an archive package of each of some lots or releases.

        :param model: ``stock.lot`` or ``med.release``
        :param records: their ids, at most 20
        :return: ``{"version": 1, "packages": [{"id", "number", "record" (id), "name", "sha256",
            "size", "files", "proof"}]}``; the bytes are in the field ``data``
        :raise UserError: an argument cannot be used, or something that belongs in is gone
        :raise AccessError: the caller makes no packages, or may not read a record
        """
        self.browse().check_access("create")
        if not isinstance(model, str) or model not in SUBJECTS:
            raise UserError(self.env._("model must be stock.lot or med.release."))
        if not are_ids(records) or not records or 0 in records:
            raise UserError(self.env._("records must be a list of ids."))
        subjects = self.env[model].search([("id", "in", records)])
        if len(subjects) != len(set(records)):
            raise UserError(self.env._(
                "One of these records does not exist, or you may not read it."))
        return {"version": 1, "packages": [{
            "id": one.id, "number": one.name, "record": one[SUBJECTS[model]].id,
            "name": one.file_name, "sha256": one.sha256, "size": one.size,
            "files": one.file_count, "proof": one.proof} for one in self._med_pack(subjects)]}

    @api.model
    def _med_pack(self, records):
        """Return the packages of lots or releases."""
        self.check_access("create")
        # Defaults of the context would fill in what only the machine writes.
        context = {name: value for name, value in self.env.context.items() if name in PLAIN}
        self, records = self.with_context(context), records.with_context(context)
        if len(records) > MAX_AT_ONCE:
            raise UserError(self.env._(
                "At most %(most)s packages are made at once, and %(asked)s were asked for. Make "
                "them in parts.", most=MAX_AT_ONCE, asked=len(records)))
        return self.browse().union(*(self._med_pack_one(record) for record in records))

    @api.model
    def _med_pack_one(self, record):
        record.check_access("read")
        company = record.company_id or self.env.company
        now = fields.Datetime.now()
        number = self.env["ir.sequence"].sudo().with_company(company).next_by_code(
            "med.archive.package")
        payload, titles, proof = self._med_content(record)
        subject = SUBJECTS[record._name]
        previous = self.search([(subject, "=", record.id)], limit=1)
        facts = self._med_facts(
            record, company, number, now, payload, titles, proof, previous)
        files = bag.make(payload, {"metadata/metadata.xml": metadata.as_xml(facts),
                                   "metadata/metadata.json": metadata.as_json(facts)}, [
            ("Source-Organization", company.name),
            ("Organization-Address", " ".join((
                company.partner_id.contact_address or "").split())),
            ("External-Identifier", number), ("External-Description", facts["title"]),
            ("Internal-Sender-Identifier", f"{self.env.cr.dbname}/{record._name}/{record.id}"),
            ("Bag-Group-Identifier", facts["fonds"]), ("Bagging-Date", now.date().isoformat()),
            ("Bag-Software-Agent", "med_archive 19.0.1.0.0 (Odoo 19)")])
        folder = bag.safe_name(number.replace("/", "_"))
        data = bag.pack(files, folder)
        package = self._med_make([{
            "name": number, "title": facts["title"], "state": "made",
            "kind": "lot" if record._name == "stock.lot" else "release", subject: record.id,
            "product_id": record.product_id.id, "company_id": company.id,
            "fonds": facts["fonds"], "data": base64.b64encode(data), "file_name": f"{folder}.zip",
            "size": len(data), "sha256": bag.sha256(data), "file_count": len(files),
            "proof": bool(proof[1]) and proof[0] == proof[1],
            "made_user_id": self.env.uid, "made_time": now,
            "previous_id": previous.id}])
        self.env["med.archive.file"].sudo()._med_make([{
            "package_id": package.id, "path": path, "size": len(content),
            "sha256": bag.sha256(content),
            "title": titles.get(path.removeprefix("data/"), ""),
        } for path, content in sorted(files.items())])
        self.env["med.audit.entry"]._record_event("export", record, {
            "file": package.file_name, "files": len(files), "sha256": package.sha256})
        return package

    @api.model
    def _med_facts(self, record, company, number, now, payload, titles, proof, previous):
        """Return the metadata of a package, as plain data."""
        _ = self.env._
        lot = record._name == "stock.lot"
        title = (_("Evidence of lot %(name)s, %(product)s", name=record.name,
                   product=record.product_id.display_name) if lot else
                 _("Release %(name)s of %(product)s", name=record.name,
                   product=record.product_id.display_name))
        return {
            "identifier": number, "fonds": company.med_archive_fonds or "", "title": title,
            "aggregation": "file" if lot else "item", "creator": company.name,
            "date": f"{now:%Y-%m-%dT%H:%M:%SZ}", "language": self.env.lang or "en_US",
            "retention": company.med_archive_retention or "",
            "security": company.med_archive_security or "",
            "subject": record.name, "product": record.product_id.display_name,
            "source": f"{record._name},{record.id}",
            "system": f"Odoo 19, {self.env.cr.dbname}",
            "audit_proof": f"{proof[0]} of {proof[1]} entries",
            "previous": previous.name or "",
            "files": [{"path": f"data/{path}", "title": titles.get(path, ""),
                       "mimetype": self._med_mimetype(path), "size": len(content),
                       "sha256": bag.sha256(content)}
                      for path, content in sorted(payload.items())],
            "steps": [{"action": "package", "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                       "person": self.env.user.name, "note": company.name}],
        }
