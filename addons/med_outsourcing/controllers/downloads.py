import re

from odoo.addons.med_audit.exported import exported, named
from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


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
        """Return an order to a processor on paper, its data embedded."""
        def file():
            order = named("med.outsourcing.order", order_id)
            if not order:
                raise AccessError(request.env._(
                    "This order does not exist, or you may not read it."))
            return exported(order, order._med_order_pdf(), f"{_plain(order.name)}.pdf")
        return file_answer(file)

    @route("/med/outsourcing_statement.pdf", type="http", auth="user", methods=["GET"])
    def statement(self, statement="", lang="", **_unknown):
        """Return a statement on paper; ``lang``: code of the language, else the reader's."""
        return self._paper("med.outsourcing.statement", statement, lang, "statement")

    @route("/med/processor_release.pdf", type="http", auth="user", methods=["GET"])
    def release(self, release="", lang="", **_unknown):
        """Return a processor's release on paper, to be signed and stamped."""
        return self._paper("med.processor.release", release, lang, "processor_release")

    def _paper(self, model, number, lang, name):
        def file():
            found = named(model, number)
            if not found:
                raise AccessError(request.env._(
                    "This paper does not exist, or you may not read it."))
            known = dict(request.env["res.lang"].sudo().get_installed())
            data = found.with_context(
                lang=lang if lang in known else request.env.lang)._med_paper_pdf()
            return exported(found, data, f"{name}_{_plain(found.name)}.pdf", records=1)
        return file_answer(file)


def _plain(name):
    """Return a name that any file system takes."""
    return re.sub(r"[^\w.-]+", "_", name)
