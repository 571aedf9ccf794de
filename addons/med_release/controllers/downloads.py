import re

from odoo.addons.med_audit.exported import PDF, exported, number_of
from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

MAX_RELEASES = 50


class ReleaseDownloads(Controller):
    """Batch records and certificates as files; the models decide who may see what."""

    @route("/med/batch_record.pdf", type="http", auth="user", methods=["GET"])
    def batch_record_pdf(self, release_id="", **_unknown):
        """Return the batch record of an order on paper, its data embedded."""
        return self._answer("batch_record", "pdf", PDF, lambda: self._releases(release_id),
                            lambda releases: releases._med_record_pdf())

    @route("/med/batch_record.json", type="http", auth="user", methods=["GET"])
    def batch_record_json(self, release_id="", **_unknown):
        """Return the batch record of an order as data, in its canonical form."""
        return self._answer("batch_record", "json", "application/json; charset=utf-8",
                            lambda: self._releases(release_id),
                            lambda releases: releases._med_record_json())

    @route("/med/certificate.pdf", type="http", auth="user", methods=["GET"])
    def certificate_pdf(self, release_ids="", picking_id="", **_unknown):
        """Return the certificate of conformity of releases, or of what a delivery takes along."""
        if picking_id:
            picking = request.env["stock.picking"].browse(number_of(picking_id))
            return self._answer("certificate", "pdf", PDF,
                                lambda: self._of_picking(picking),
                                lambda releases: releases._med_certificate_pdf(picking))
        return self._answer("certificate", "pdf", PDF, lambda: self._releases(release_ids),
                            lambda releases: releases._med_certificate_pdf())

    # ------------------------------------------------------------------

    def _answer(self, name, extension, mimetype, find, make):
        def file():
            releases = find()
            return exported(releases[0], make(releases),
                            self._filename(name, releases, extension), mimetype,
                            releases=len(releases))
        return file_answer(file)

    def _releases(self, text):
        """Return the releases of a list of numbers, all of them readable."""
        parts = text.split(",", MAX_RELEASES)
        wanted = {number_of(part.strip()) for part in parts}
        found = request.env["med.release"].search([("id", "in", list(wanted))])
        if not found or len(found) != len(wanted) or len(parts) > MAX_RELEASES:
            raise AccessError(request.env._(
                "One of these releases does not exist, or you may not read it."))
        return found

    def _of_picking(self, picking):
        if not picking.exists():
            raise AccessError(request.env._("This transfer does not exist."))
        picking.check_access("read")
        releases = picking._med_releases().sudo(False)
        if not releases:
            raise UserError(request.env._("Nothing in this transfer was released by its order."))
        return releases

    def _filename(self, name, releases, extension):
        """Return a name that any file system takes."""
        told = re.sub(r"[^\w.-]+", "_", releases.name) if len(releases) == 1 else len(releases)
        return f"{name}_{told}.{extension}"
