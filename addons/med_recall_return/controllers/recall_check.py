from odoo.http import Controller, request, route


class RecallCheck(Controller):
    """The page on which anybody may ask whether a device in his hand is recalled."""

    @route("/recall/check", type="http", auth="public", methods=["GET"], readonly=False,
           sitemap=False)
    def check(self, code="", lang="", **_unknown):
        """Return the page; with a code, also the answer."""
        wanted = lang or request.httprequest.accept_languages.best or ""
        known = dict(request.env["res.lang"].sudo().get_installed())
        spoken = "zh_CN" if wanted.lower().startswith("zh") and "zh_CN" in known else "en_US"
        Recall = request.env["med.recall"].with_context(lang=spoken).sudo()
        values = {"code": code[:1024], "lang": spoken, "chinese": "zh_CN" in known, "found": {}}
        status = 200
        if not Recall._med_publishes():
            status, values["found"] = 404, {"answer": "closed"}
        elif code.strip():
            if Recall._med_throttle(request.httprequest.remote_addr or ""):
                values["found"] = Recall._med_check_code(code, public=True)
            else:
                status, values["found"] = 429, {"answer": "busy"}
        html = Recall.env["ir.qweb"]._render("med_recall_return.check_page", values)
        return request.make_response(html, status=status, headers=[
            ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"), ("X-Robots-Tag", "noindex")])
