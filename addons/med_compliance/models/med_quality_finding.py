from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .med_compliance_mixin import KEEPERS

_lt = LazyTranslate(__name__)
SAID = ("name", "grade", "clause", "process_id", "what", "evidence")
# What the signed report of an audit says stays.
TOLD = {*SAID, "audit_id", "mock_id", "answer_id"}


class MedQualityFinding(models.Model):
    """What an audit or a mock inspection found. It ends with a CAPA, or a signed reason why none.

    (ISO 13485, 8.2.4: corrections and corrective actions without undue delay.)
    """

    _name = "med.quality.finding"
    _description = "Finding"
    _inherit = ["med.compliance.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "what")
    _check_company_auto = True

    _med_sequenced = True
    _med_stepped = {"capa_id": False, "ended_at": False}
    _med_machine = Machine(
        initial="open",
        content=(*SAID, "reason"),
        transitions=(
            Transition("take_up", ("open",), "in_capa", _lt("Take Up"), groups=KEEPERS,
                       required=("capa_id",)),
            Transition("dismiss", ("open",), "dismissed", _lt("No CAPA Needed"),
                       (Signer("approved", groups=KEEPERS, differs=("@owner_id",),
                               fixed=("@owner_id",)),), required=("reason",), least=1),
        ),
        locked=("in_capa", "dismissed"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True,
        compute="_compute_company_id", store=True, precompute=True)
    audit_id = fields.Many2one("med.quality.audit", "Audit", index="btree_not_null",
                               check_company=True, ondelete="restrict")
    mock_id = fields.Many2one("med.mock.inspection", "Mock Inspection", index="btree_not_null",
                              check_company=True, ondelete="restrict")
    answer_id = fields.Many2one("med.quality.audit.answer", "Question", index="btree_not_null",
                                check_company=True, ondelete="restrict")
    grade = fields.Selection(
        [("major", "Major"), ("minor", "Minor"), ("observation", "Observation")], "Class",
        required=True, default="minor", index=True, tracking=True)
    clause = fields.Char(tracking=True)
    process_id = fields.Many2one("med.quality.process", "Process", index="btree_not_null",
                                 check_company=True, ondelete="restrict")
    what = fields.Char("What Was Found", required=True, tracking=True)
    evidence = fields.Text(required=True)
    owner_id = fields.Many2one("res.users", "Owner", index=True, tracking=True,
                               help="Who answers it. Empty: who answers for the process.")
    date_due = fields.Date("Due", index=True, tracking=True)
    correction = fields.Text(help="What was done at once.")
    capa_id = fields.Many2one("med.capa", "CAPA", readonly=True, copy=False,
                              index="btree_not_null", check_company=True, ondelete="restrict")
    capa_state = fields.Selection(related="capa_id.state", string="State of the CAPA")
    reason = fields.Text("Why No CAPA", tracking=True)
    ended_at = fields.Datetime("Answered On", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("in_capa", "In a CAPA"), ("dismissed", "Reason Given")],
        required=True, default="open", readonly=True, copy=False, index=True, tracking=True,
        group_expand=True)

    _one_source = models.Constraint("CHECK ((audit_id IS NULL) <> (mock_id IS NULL))",
                                    "A finding is of one audit or of one mock inspection.")

    @api.depends("audit_id.company_id", "mock_id.company_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.audit_id.company_id or record.mock_id.company_id

    @api.depends("name", "what")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.name}: {record.what}" if record.what else record.name

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{name: value for name, value in vals.items() if name != "company_id"}
                     for vals in vals_list]
        processes = self.env["med.quality.process"]
        records = super().create([{
            **vals, "reason": False, "owner_id": vals.get("owner_id") or processes.browse(
                vals.get("process_id") or ()).sudo().owner_id.id or self.env.uid}
            for vals in vals_list])
        records._check_telling()
        return records

    def write(self, vals):
        if vals.keys() & TOLD:
            self._check_telling()
        elif not self._med_is_keeper() and any(one.owner_id != self.env.user for one in self):
            self._med_check_keeper()
        result = super().write(vals)
        if vals.keys() & {"audit_id", "mock_id"}:
            self._check_telling()
        return result

    def _check_telling(self):
        """Refuse who does not audit, and a change of what a report has said."""
        self.audit_id._med_check_auditor()
        self.mock_id._med_check_inspector()
        if late := self.filtered(lambda one: (one.audit_id or one.mock_id).state != "under_way"):
            raise UserError(self.env._(
                "%s is not under way: what it found stays.",
                (late[0].audit_id or late[0].mock_id).name))

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        source = self.audit_id or self.mock_id
        if source.state not in ("reported", "closed"):
            raise UserError(self.env._("%s is not reported yet.", source.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.activity_ids.unlink()
        self._med_store({"ended_at": fields.Datetime.now()})

    def _med_ask(self):
        """Tell the owners what they are waited for."""
        for record in self.filtered("owner_id"):
            record.activity_schedule(
                "mail.mail_activity_data_todo", user_id=record.owner_id.id,
                date_deadline=record.date_due or None,
                summary=self.env._("Answer the finding %s", record.name))

    def action_start_capa(self):
        """Open one CAPA for these findings, and take them up."""
        self.check_access("read")
        Capa = self.env["med.capa"]
        Capa._med_check_opener()
        if len(self.company_id) != 1:
            raise UserError(self.env._("One CAPA is of one company."))
        self._med_lock()
        if ended := self.filtered(lambda one: one.state != "open"):
            raise UserError(self.env._("%s is answered already.", ended[0].name))
        capa = Capa._med_begin(
            self[0].what, self.env["med.nonconformity"], self.company_id, source="audit",
            document=self if len(self) == 1 else None, owner_id=self[0].owner_id.id or self.env.uid,
            problem="\n".join(f"{one.name}: {one.what}\n{one.evidence}" for one in self))
        self._med_take_up(capa)
        return {"type": "ir.actions.act_window", "res_model": "med.capa", "res_id": capa.id,
                "views": [(False, "form")]}

    def join_capa(self, capa: int):
        """Take these findings up in a CAPA that is there and not ended.

        :param capa: its id
        :return: ``{"version", "taken": number of findings}``
        """
        self.check_access("read")
        self._med_check_keeper()
        [case] = self.env["med.capa"]._med_named("med.capa", "capa", [capa])
        if case.state in ("effective", "ineffective", "cancelled"):
            raise UserError(self.env._("%s has ended.", case.name))
        self._med_lock()
        self._med_take_up(case)
        return {"version": 1, "taken": len(self)}

    def _med_take_up(self, capa):
        for record in self:
            if record.company_id != capa.company_id:
                raise UserError(self.env._("One CAPA is of one company."))
            if record.state != "open":
                raise UserError(self.env._("%s is answered already.", record.name))
            record._med_store({"capa_id": capa.id})
            record._med_check_step("take_up", "")
            leave(record, "take_up", "")
