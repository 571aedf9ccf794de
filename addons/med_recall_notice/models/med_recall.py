from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, html2plaintext

SENT = ("simulated", "sent", "read", "acknowledged", "answered", "closed")


class MedRecall(models.Model):
    """The notices of a recall."""

    _inherit = "med.recall"

    letter_ids = fields.One2many("med.recall.letter", "recall_id", "Letters")
    notice_ids = fields.One2many("med.recall.notice", "recall_id", "Notices", readonly=True)
    check_plan_ids = fields.One2many("med.recall.check.plan", "recall_id", "Effectiveness Checks")
    notice_count = fields.Integer("Number of Notices", compute="_compute_notices")
    notice_share = fields.Float("Sent (%)", compute="_compute_notices")
    answer_share = fields.Float("Answered (%)", compute="_compute_notices")

    notice_warning = fields.Text("Before Notices Leave", compute="_compute_notice_warning")

    def _compute_notice_warning(self):
        for recall in self:
            recall.notice_warning = "\n".join(recall._med_notice_warnings()) if recall.id else False

    @api.depends("notice_ids.state")
    def _compute_notices(self):
        for recall in self:
            told = recall._med_notice_figures() if recall.id else {}
            count = told.get("notices", 0)
            recall.notice_count = count
            recall.notice_share = told["sent"] * 100 / count if count else 0
            recall.answer_share = told["answered"] * 100 / count if count else 0

    def _med_on_frozen(self, scope):
        result = super()._med_on_frozen(scope)
        self.env["med.recall.notice"]._med_prepare(scope)
        return result

    def prepare_notices(self):
        """Write the notices that are lacking, for the newest frozen scope.

        :return: ``{"version", "prepared", "notices"}``
        """
        self.ensure_one()
        self._med_check_decider()
        self.check_access("write")
        if self.scope_id.state != "frozen":
            raise UserError(self.env._("%s: nothing is decided yet.", self.name))
        new = self.env["med.recall.notice"]._med_prepare(self.scope_id)
        return {"version": 1, "prepared": len(new), "notices": self.env[
            "med.recall.notice"].search_count([("recall_id", "=", self.id)])}

    def send_notices(self):
        """Send all notices that are prepared or have failed; see ``med.recall.notice.send``."""
        self.ensure_one()
        return self.env["med.recall.notice"].search([
            ("recall_id", "=", self.id), ("state", "in", ("prepared", "failed"))]).send()

    def _med_reminder(self):
        """Return the rule by which the silent of this recall are reminded; there may be none."""
        self.ensure_one()
        rules = self.env["med.recall.reminder"].sudo().search([])
        rank = min(filter(None, self.level_ids.class_id.mapped("rank")), default=3)
        return rules.filtered(lambda one: one.rank >= rank)[:1] or rules[-1:]

    def _med_tell_to_call(self, notices):
        """Tell the coordinator, once for all of them, who has to be called."""
        if notices:
            self._med_tell_owner(
                self.env._("%s consignees are silent: call them", len(notices)))

    def _med_tell_owner(self, summary):
        """Give the coordinator something to do, unless he has it to do already."""
        for recall in self.sudo():
            if summary not in recall.activity_ids.mapped("summary"):
                recall.activity_schedule("mail.mail_activity_data_todo",
                                         user_id=recall.owner_id.id, summary=summary)

    # ------------------------------------------------------------------ figures

    def _med_letters_text(self):
        return "\n\n".join(
            f"{letter.lang} {letter.jurisdiction_id.code or ''} {letter.version}: {letter.subject}"
            f"\n{html2plaintext(letter.body)}" for letter in self.letter_ids.filtered(
                lambda one: one._med_given()))

    def _med_figures(self):
        return {**super()._med_figures(), **self._med_notice_figures()}

    def _med_notice_figures(self):
        """Return figures of notices, answers and checks; quantities are sums of answers."""
        self.ensure_one()
        self.env.flush_all()
        notices = self.env.execute_query_dict(SQL("""
            SELECT count(*) AS notices,
                   count(sent_at) FILTER (WHERE state IN %s) AS sent,
                   count(*) FILTER (WHERE state = 'failed') AS failed,
                   count(read_at) AS read, count(acknowledged_at) AS acknowledged,
                   count(answered_at) AS answered,
                   count(*) FILTER (WHERE answered_at IS NULL) AS unanswered
              FROM med_recall_notice WHERE recall_id = %s""", SENT, self.id))[0]
        answers = self.env.execute_query_dict(SQL("""
            SELECT coalesce(sum(held), 0) AS held, coalesce(sum(used), 0) AS used,
                   coalesce(sum(sold_on), 0) AS sold_on, coalesce(sum(to_return), 0) AS to_return
              FROM med_recall_answer_line l JOIN med_recall_answer a ON a.id = l.answer_id
              JOIN med_recall_notice n ON n.id = a.notice_id
             WHERE a.recall_id = %s AND a.latest AND n.parent_id IS NULL""", self.id))[0]
        checks = self.env.execute_query_dict(SQL("""
            SELECT count(*) AS checks_drawn, count(result) AS checks_done,
                   count(*) FILTER (WHERE result = 'followed') AS checks_passed
              FROM med_recall_check WHERE recall_id = %s""", self.id))[0]
        return {**notices, **self._med_told_figures(), **answers, **checks}

    def _med_told_figures(self):
        """Return how many consignees of the present scope were told, and answered.

        The newest notice of each counts: whoever has a lot that is new to him is not told of it by
        an older one. A mail that came back told nobody, unless he has read the letter otherwise.
        """
        return self.env.execute_query_dict(SQL("""
            SELECT count(*) FILTER (WHERE state IN %(sent)s AND (
                       read_at IS NOT NULL OR sent_at >= COALESCE(failed_at, sent_at))) AS told,
                   count(answered_at) AS responded
              FROM (SELECT DISTINCT ON (n.consignee_id) n.*
                      FROM med_recall_notice n JOIN med_recall_consignee c ON c.id = n.consignee_id
                     WHERE n.recall_id = %(recall)s AND EXISTS (
                           SELECT FROM med_recall_delivery d
                            WHERE d.scope_id = %(scope)s AND d.partner_id = c.partner_id)
                  ORDER BY n.consignee_id, n.id DESC) newest""",
            sent=SENT, recall=self.id, scope=self.sudo().scope_id.id or 0))[0]

    # ------------------------------------------------------------------ buttons

    def action_notices(self):
        return {"type": "ir.actions.act_window", "name": self.env._("Notices"),
                "res_model": "med.recall.notice", "view_mode": "list,form",
                "domain": [("recall_id", "=", self.id)]}

    def action_send_notices(self):
        told = self.send_notices()
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success",
            "message": self.env._(
                "%(queued)s on their way, %(posted)s to be posted or called, %(drill)s simulated.",
                queued=told["queued"], posted=told["to_post"], drill=told["simulated"]),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    def action_answer_maker(self):
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/recall_answer.pdf?recall={self.id}"}

    def _med_answer_maker_pdf(self):
        """Return the summary that a distributor sends to the maker, as the bytes of a PDF."""
        self.ensure_one()
        self.check_access("read")
        _, told = self.env._, self._med_figures()
        facts = [
            (_("Their Reference"), self.origin_reference or ""), (_("Our Number"), self.name),
            (_("In One Sentence"), self.summary), (_("Stopped"), str(self.stopped_at or "")),
            (_("Lots Found"), told["lots"]), (_("In Our Stock"), sum(
                self.sudo().scope_id.line_ids.mapped("on_hand"))),
            (_("Shipped"), told["shipped"]), (_("Returned"), told["returned"]),
            (_("Consignees"), told["consignees"]), (_("Told"), told["sent"]),
            (_("Answered"), told["answered"]), (_("Still Here"), told["held"]),
            (_("Used"), told["used"]), (_("Sold On"), told["sold_on"]),
            (_("To Be Sent Back"), told["to_return"])]
        return self.env["med.document"]._render_pdf("med_recall_notice.maker_document", {
            "recall": self.sudo(), "facts": facts, "lines": self.sudo().scope_id.line_ids,
            "title": _("Answer to the maker's recall")})
