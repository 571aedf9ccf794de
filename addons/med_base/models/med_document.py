from datetime import datetime, timezone

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.evidence import grouped
from ..tools.pdf import PdfError, render_pdfs


class MedDocument(models.AbstractModel):
    """Paper that must stand alone: batch records, evidence files, audit trails, notices.

    Templates call ``med_base.document_style`` and ``med_base.document_table``; every page can say
    who made it, when and from which database.
    """

    _name = "med.document"
    _description = "Typeset Document"

    @api.model
    def _now(self):
        return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")

    @api.model
    def _render_pdf(self, template, values, attachments=()):
        """Return the bytes of a PDF typeset from a QWeb template.

        :param str template: XML id of a whole page
        :param dict values: what the template reads, beside ``lang``, ``grouped`` and ``made``
        :param attachments: ``(file name, description, bytes)`` of files to embed
        :raises UserError: it could not be typeset
        """
        return self._render_pdfs([self._page(template, values)], attachments)[0]

    @api.model
    def _page(self, template, values):
        """Return the page of a template, for :meth:`_render_pdfs`; see :meth:`_render_pdf`."""
        return str(self.env["ir.qweb"]._render(template, {
            "lang": (self.env.lang or "en_US").replace("_", "-"),
            "grouped": grouped,
            "made": self.env._(
                "Made %(time)s UTC by %(user)s, database %(database)s", time=self._now(),
                user=self.env.user.name, database=self.env.cr.dbname,
            ),
            **values,
        }))

    @api.model
    def _render_pdfs(self, pages, attachments=()):
        """Return the bytes of a PDF for each page, typeset together: many times as fast as singly.

        :raises UserError: one of them could not be typeset; then there is none
        """
        try:
            files = render_pdfs(pages, attachments)
        except PdfError as error:
            raise UserError(self.env._(
                "The PDF could not be made (%s). Ask for less, or take the data instead.", error,
            )) from error
        return [self._seal(file) for file in files]

    @api.model
    def _seal(self, pdf):
        """Return the bytes of the finished file. For an addon that seals it."""
        return pdf
