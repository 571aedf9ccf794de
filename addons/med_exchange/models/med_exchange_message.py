import json

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..tools.conflict import flat
from ..tools.searching import trigrams

_lt = LazyTranslate(__name__)

STATES = [
    ("waiting", "Waits for Earlier Ones"), ("applied", "Applied"), ("overtaken", "Overtaken"),
    ("ours", "Our Word Kept"), ("rejected", "Refused"), ("conflict", "Conflict"),
    ("returned", "Returned"), ("undone", "Taken Back"), ("same", "Came Before by Another Way"),
]
ORIGINS = [("api", "Their Program"), ("file", "File"), ("portal", "Portal"), ("broker", "Broker"),
           ("person", "Entered Here")]


class MedExchangeMessage(models.Model):
    """What a partner sent, as it was sent, and what became of it. Never changed by hand, kept.

    Rows are written by :meth:`_keep` and :meth:`_settle`, many at a time and by SQL.
    """

    _name = "med.exchange.message"
    _description = "Message of an Exchange Partner"
    _inherit = ["med.exchange.inbox.row"]
    _order = "id desc"
    _med_refusals = {
        "create": _lt("Messages come from partners alone: they are not made here."),
        "write": _lt(
            "A message stays what was sent. Mend it, decide it, return it or take it back."),
        "unlink": _lt("Messages are kept."),
        "copy": _lt("A message is not sent twice."),
    }

    name = fields.Char("Message", readonly=True, help="The id that its sender gave it.")
    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Partner", required=True, index=True, readonly=True,
        ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    submission_id = fields.Many2one("med.exchange.submission", required=True, index=True,
                                    readonly=True, ondelete="restrict")
    origin = fields.Selection(ORIGINS, "Came By", required=True, readonly=True)
    authentic = fields.Boolean(
        readonly=True, help="Sender, digest and signature are right: the id is taken by it.")
    stream_id = fields.Many2one("med.exchange.stream", index="btree_not_null", readonly=True,
                                ondelete="restrict")
    sequence = fields.Integer("Number in Its Stream", readonly=True, aggregator=False)
    counted = fields.Boolean(readonly=True, help="It holds its number in the stream.")
    schema = fields.Char(readonly=True, index=True)
    version = fields.Char("Schema Version", readonly=True)
    action = fields.Selection([("state", "State"), ("cancel", "Takes Back")], readonly=True)
    cancels = fields.Char("Takes Back Message", readonly=True)
    object_key = fields.Char("Object", readonly=True, help="The partner's code of the thing.")
    object_version = fields.Integer(readonly=True, aggregator=False)
    object_base = fields.Integer("Built on Version", readonly=True, aggregator=False)
    object_seen = fields.Integer(
        "Built on Our Version", readonly=True, aggregator=False,
        help="The version of ours that its sender says it was built on; 0: he does not say.")
    version_before = fields.Integer(
        "Version Before", readonly=True, aggregator=False,
        help="Which version of theirs we had before this message was applied.")
    sent_at = fields.Datetime("Sent", readonly=True)
    event_time = fields.Datetime("Happened", readonly=True)
    create_date = fields.Datetime("Received", readonly=True, index=True)
    words = fields.Text("Lots, Orders and Codes", readonly=True, index="trigram",
                        help="What it names, to be searched by.")
    body = fields.Text("As Sent", required=True, readonly=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    digest = fields.Char(readonly=True)
    key_name = fields.Char("Signed With", readonly=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, index=True)
    problems = fields.Text("Problems as Data", readonly=True)
    answer = fields.Text("Answer", required=True, readonly=True)
    res_model = fields.Char("Kind of Record", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    before = fields.Text("Before It", readonly=True,
                         help="What the record said before the message was applied.")
    trail = fields.Char("In the Audit Trail As", readonly=True, index="btree_not_null",
                        help="What the entries name that carry this message out.")
    settled_at = fields.Datetime("Settled", readonly=True)
    mended = fields.Text("Mended Content", readonly=True)
    mended_id = fields.Many2one("res.users", "Mended or Decided By", readonly=True)
    mended_at = fields.Datetime("Mended or Decided", readonly=True)
    reason = fields.Char(readonly=True, help="Why a person mended, decided, returned or undid it.")
    note = fields.Char(
        "Note to Its Sender", readonly=True,
        help="What was converted or rounded, or what was undone, as its sender is told.")
    note_words = fields.Text("Note as Data", readonly=True)
    note_shown = fields.Char("Note", compute="_compute_note_shown")
    content = fields.Html(compute="_compute_content", string="Content by Field")
    problem = fields.Char("Problem", compute="_compute_problem")
    may_mend = fields.Boolean(compute="_compute_may_mend")

    _id_uniq = models.UniqueIndex("(exchange_partner_id, name) WHERE authentic",
                                  "The partner has sent a message of this id.")
    _number_uniq = models.UniqueIndex("(stream_id, sequence) WHERE counted",
                                      "The stream has a message of this number.")
    _object_idx = models.Index("(exchange_partner_id, schema, object_key)")
    _named_index = models.Index(
        trigrams("coalesce(object_key, '') || ' ' || coalesce(words, '')"))

    # ------------------------------------------------------------------ shown

    @api.depends_context("lang")
    @api.depends("body", "mended", "problems")
    def _compute_content(self):
        for message in self:
            message.content = message._content_table(message._problems())

    @api.depends_context("lang")
    @api.depends("problems")
    def _compute_problem(self):
        for message in self:
            message.problem = " · ".join(
                f"{one['pointer'] or '/'}: {one['message']}" for one in message._problems())[:500]

    def _content_table(self, problems):
        """Return every field of the message with what is wrong with it beside it."""
        rows = sorted(flat(self._shown_body()), key=lambda row: not row[0].startswith("/payload"))
        said = {}
        for one in problems:
            said.setdefault(one["pointer"], []).append(one["message"])
        known = {pointer for pointer, _value in rows}
        rows += [(pointer, "") for pointer in said if pointer not in known]
        mended = dict(flat(json.loads(self.mended), "/payload")) if self.mended else {}
        rows += [(pointer, "") for pointer in mended if pointer not in known]
        head = [self.env._("Field"), self.env._("As sent")]
        if mended:
            head.append(self.env._("Mended"))
        head.append(self.env._("Problem"))
        lines, labels = [], self._med_labels(
            [pointer.removeprefix("/payload") for pointer, _value in rows])
        for pointer, value in rows:
            title = pointer.startswith("/payload/") and labels[pointer.removeprefix("/payload")][0]
            cells = [Markup("%s <span class='text-muted small'>%s</span>") % (title, pointer)
                     if title else pointer or "/", _text(value)]
            if mended:
                cells.append(_text(mended.get(pointer, "")))
            wrong = " ".join(said.get(pointer, ()))
            lines.append(Markup("<tr%s>%s<td class='text-danger'>%s</td></tr>") % (
                Markup(" class='table-danger'") if wrong else "",
                Markup("").join(Markup("<td>%s</td>") % cell for cell in cells), wrong))
        return Markup("<table class='table table-sm'><tr>%s</tr>%s</table>") % (
            Markup("").join(Markup("<th>%s</th>") % text for text in head),
            Markup("").join(lines))

    def _shown_body(self):
        try:
            data = json.loads(self.body)
        except (ValueError, RecursionError):  # kept in part only
            return self.body[:2000]
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if name != "signature"}
        return data

    @api.depends_context("uid")
    @api.depends("state", "authentic")
    def _compute_may_mend(self):
        qa = self.env.user.has_group("med_base.med_base_group_qa")
        for message in self:
            message.may_mend = qa and message.authentic and message.state in (
                "rejected", "conflict")

    def _compute_display_name(self):
        for message in self:
            message.display_name = "%s %s" % (
                message.exchange_partner_id.code, message.name or f"#{message.id}")


def _text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
