import os
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.pades import SealError, read, seal


class MedPdfSeal(models.AbstractModel):
    """Who seals the documents of a company.

    ``res.company.med_seal`` names the way, and ``_seal_by_<way>(pdf, company)`` goes it. An addon
    for a certificate authority adds its way to the selection and that method: it is given the
    bytes of the finished PDF and returns the sealed ones, from a service or a token, with the
    algorithms of its country.
    """

    _name = "med.pdf.seal"
    _description = "Seal of Documents"

    @api.model
    def _seal(self, pdf, company):
        """Return the PDF, sealed where the company wants it; raise UserError where it cannot be."""
        if not company.med_seal:
            return pdf
        return getattr(self, f"_seal_by_{company.med_seal}")(pdf, company)

    @api.model
    def _seal_by_certificate(self, pdf, company):
        try:
            return seal(pdf, *self._get_store(company))
        except SealError as error:
            raise UserError(self.env._(
                "The document could not be sealed: %(why)s. An administrator puts it right; until "
                "then sealing can be switched off in the settings.", why=error)) from error

    @api.model
    def _get_certificate(self, company):
        """Return the certificate that seals for a company; raise SealError."""
        return read(*self._get_store(company))

    @api.model
    def _get_store(self, company):
        """Return path and passphrase of the key store, which are files outside the database."""
        path = self._get_path(company)
        try:
            return path, path.with_suffix(".pass").read_text().rstrip("\n").encode()
        except OSError as error:
            raise SealError(f"{error.filename}: {error.strerror}") from error

    @api.model
    def _get_path(self, company):
        """Return where the key store of a company is: ``<company id>.p12`` in the folder that
        ``MED_SEAL_DIR``, ``med_seal_dir`` of the configuration or the data folder gives."""
        given = os.environ.get("MED_SEAL_DIR") or config.get("med_seal_dir")
        return Path(given or Path(config["data_dir"]) / "med_seal") / f"{company.id}.p12"
