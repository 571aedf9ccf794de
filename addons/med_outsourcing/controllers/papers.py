import re
from hashlib import sha256

from odoo.addons.med_base.file_answer import file_answer
from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


class OutsourcingPapers(Controller):
    """Papers that a processor signs, as files; the models decide who may see what."""

    @route("/med/outsourcing_statement.pdf", type="http", auth="user", methods=["GET"])
    def statement(self, statement="", lang="", **_unknown):
        """Return a statement on paper; ``lang``: code of the language, else the reader's."""
        return self._paper("med.outsourcing.statement", statement, lang, "statement")

    @route("/med/processor_release.pdf", type="http", auth="user", methods=["GET"])
    def release(self, release="", lang="", **_unknown):
        """Return a processor's release on paper, to be signed and stamped."""
        return self._paper("med.processor.release", release, lang, "processor_release")

    def _paper(self, model, number, lang, name):
        def make():
            found = request.env[model].search(
                [("id", "=", int(number) if re.fullmatch("[0-9]{1,9}", number) else 0)])
            if not found:
                raise AccessError(request.env._(
                    "This paper does not exist, or you may not read it."))
            known = dict(request.env["res.lang"].sudo().get_installed())
            data = found.with_context(
                lang=lang if lang in known else request.env.lang)._med_paper_pdf()
            filename = f"{name}_{re.sub(r'[^0-9A-Za-z.-]+', '_', found.name)}.pdf"
            request.env["med.audit.entry"]._record_event("export", found, {
                "file": filename, "records": 1, "sha256": sha256(data).hexdigest()})
            return data, filename, "application/pdf"
        return file_answer(make)
