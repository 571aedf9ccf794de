import re

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

MOST_BYTES = 128 * 1024
ROWS = 5
NUMBER = re.compile("-?[0-9]{1,9}")
HEADERS = [
    ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"), ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; "
                                "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"),
]


class ConsigneePage(Controller):
    """The page of one consignee: his lots, and his answer. The link is the key, and the only one.

    Opening it is reading; only a press of a button says that he knows. A link that is wrong,
    altered, over or revoked is answered in the same way, and tells nothing.
    """

    @route("/recall/<string:token>", type="http", auth="public", methods=["GET"], readonly=False,
           sitemap=False)
    def page(self, token, lang="", **_unknown):
        """Show the page."""
        notice = self._notice(token, lang)
        if not notice:
            return self._gone()
        notice._med_seen()
        return self._answer(notice, token)

    @route("/recall/<string:token>", type="http", auth="public", methods=["POST"], sitemap=False)
    def said(self, token, step="", lang="", **form):
        """Take what he said: that he knows (``acknowledge``), or his answer (``answer``)."""
        notice = self._notice(token, lang)
        if not notice:
            return self._gone()
        if (request.httprequest.content_length or 0) > MOST_BYTES:
            return self._answer(notice, token, request.env._("That is too long."), 413)
        try:
            with request.env.cr.savepoint():
                if step == "answer":
                    self._take(notice, form)
                elif step == "acknowledge":
                    notice._med_acknowledge()
        except UserError as error:
            return self._answer(notice, token, str(error.args[0]), 400, form)
        return self._answer(notice, token)

    # ------------------------------------------------------------------

    def _notice(self, token, lang):
        notice = request.env["med.recall.notice"].sudo()._med_of_token(token)
        installed = {code for code, _name in request.env["res.lang"].get_installed()}
        chosen = lang if lang in installed else notice.letter_id.lang or "en_US"
        request.update_context(lang=chosen)
        return notice.with_context(lang=chosen, tz=notice.recall_id.company_id.partner_id.tz)

    def _take(self, notice, form):
        """Answer with the fields of the form. Only his own lots are looked for in it."""
        rows = notice._med_lot_rows()[notice.id]
        notice._med_answer(
            "page",
            [{"lot": row["id"], "comment": form.get(f"comment_{row['id']}"),
              **{name: form.get(f"{name}_{row['id']}") for name in (
                  "held", "used", "sold_on", "returned", "to_return")}} for row in rows],
            form.get("person"), form.get("role"), form.get("comment"),
            [{"lot": int(form[f"account_lot_{index}"])
              if NUMBER.fullmatch(form.get(f"account_lot_{index}", "")) else 0,
              "name": form.get(f"account_name_{index}"),
              "email": form.get(f"account_email_{index}"),
              "quantity": form.get(f"account_quantity_{index}")}
             for index in range(ROWS) if form.get(f"account_name_{index}")
             or form.get(f"account_email_{index}")])

    def _answer(self, notice, token, problem="", status=200, form=None):
        last = notice.answer_ids.filtered("latest")
        said = {line.lot_id.id or -line.product_id.id: line for line in last.line_ids}
        rows = notice._med_lot_rows()[notice.id]
        form = form or {}

        def value(name, row):
            line = said.get(row["id"])
            told = form.get(f"{name}_{row['id']}")
            return told if told is not None else (f"{line[name]:g}" if line else "")
        body = request.env["ir.qweb"]._render("med_recall_notice.consignee_page", {
            "lang": request.env.lang.replace("_", "-"), "notice": notice, "rows": rows,
            "recall": notice.recall_id, "letter": notice._med_texts()[notice.id],
            "problem": problem, "last": last, "value": value, "form": form,
            "accounts": range(ROWS), "token": token, "csrf": request.csrf_token(),
            "langs": request.env["res.lang"].get_installed()})
        return request.make_response(
            body, headers=[("Content-Type", "text/html; charset=utf-8"), *HEADERS], status=status)

    def _gone(self):
        body = request.env["ir.qweb"]._render("med_recall_notice.gone_page", {
            "lang": (request.env.lang or "en_US").replace("_", "-")})
        return request.make_response(
            body, headers=[("Content-Type", "text/html; charset=utf-8"), *HEADERS], status=404)
