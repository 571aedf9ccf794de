import re

from odoo.addons.med_audit.exported import exported, named
from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError, UserError
from odoo.http import Controller, request, route

from ..tools.pack import zipped

MOST_PAPERS = 100
THEIRS = "theirs"


class OutsourcingDownloads(Controller):
    """Papers of processors and their orders as files; the models decide who may see what."""

    @route("/med/quality_agreement.pdf", type="http", auth="user", methods=["GET"])
    def agreement(self, agreement_id="", **_unknown):
        """Return a quality agreement on paper."""
        def file():
            agreement = named("med.quality.agreement", agreement_id)
            if not agreement:
                raise AccessError(request.env._(
                    "This agreement does not exist, or you may not read it."))
            return exported(agreement, agreement._med_pdf(),
                            f"quality_agreement_{_plain(agreement.name)}.pdf")
        return file_answer(file)

    @route("/med/approved_processors.pdf", type="http", auth="user", methods=["GET"])
    def approved_processors(self, **_unknown):
        """Return the list of approved processors on paper."""
        return file_answer(lambda: exported(
            None, request.env["med.processor"]._med_list_pdf(), "approved_processors.pdf"))

    @route("/med/outsourcing_order.pdf", type="http", auth="user", methods=["GET"])
    def order_pdf(self, order_id="", **_unknown):
        """Return an order to a processor on paper, its data embedded; several as a ZIP archive."""
        return self._papers("med.outsourcing.order", order_id, "orders", lambda order: (
            f"{_plain(order.name)}.pdf", order._med_order_pdf()))

    @route("/med/outsourcing_statement.pdf", type="http", auth="user", methods=["GET"])
    def statement(self, statement="", lang="", **_unknown):
        """Return a statement on paper; several, by their ids with commas, as a ZIP archive.

        ``lang``: code of the language, “theirs” for each processor's own, else the reader's.
        """
        return self._paper("med.outsourcing.statement", statement, lang, "statement")

    @route("/med/processor_release.pdf", type="http", auth="user", methods=["GET"])
    def release(self, release="", lang="", **_unknown):
        """Return a processor's release on paper, to be signed and stamped; see ``statement``."""
        return self._paper("med.processor.release", release, lang, "processor_release")

    def _paper(self, model, number, lang, name):
        known = dict(request.env["res.lang"].sudo().get_installed())

        def paper(one):
            code = one.processor_id.sudo().partner_id.lang if lang == THEIRS else lang
            told = one.with_context(lang=code if code in known else request.env.lang)
            return f"{name}_{_plain(one.name)}.pdf", told._med_paper_pdf()
        return self._papers(model, number, f"{name}s", paper)

    def _papers(self, model, numbers, name, paper):
        """Return the PDF of a record, or a ZIP archive of those of several.

        :param str numbers: ids with commas between them
        :param name: of the archive
        :param paper: function of a record that returns the name of its file and its bytes
        """
        def file():
            wanted = str(numbers).split(",")
            if len(wanted) > MOST_PAPERS:
                raise UserError(request.env._(
                    "Choose up to %s papers at a time.", MOST_PAPERS))
            found = [named(model, one) for one in wanted]
            if not all(found):
                raise AccessError(request.env._(
                    "This paper does not exist, or you may not read it."))
            files = [exported(one, data, title, records=1)
                     for one, (title, data) in zip(found, map(paper, found), strict=True)]
            if len(files) == 1:
                return files[0]
            return (zipped([(title, data) for data, title, _media in files]), f"{name}.zip",
                    "application/zip")
        return file_answer(file)


def _plain(name):
    """Return a name that any file system takes."""
    return re.sub(r"[^\w.-]+", "_", name)
