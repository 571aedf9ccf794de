"""Declared machines for black-box tests: source that ``site.shell`` runs, after ``trace_flow.py``.

``Walk(env, flow).told()`` makes records in every state of a machine, each ready for one step, and
tells what the declaration says as data. What a model needs beside the fields that its steps ask
for stands in a subclass; a further state or step is walked by itself.
"""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

ROLES = ("nobody", "viewer", "auditor", "warehouse", "operator", "shift_leader", "inspector",
         "purchasing", "qa", "qa_release", "regulatory", "metrology", "system_admin",
         "portal_processor", "portal_dealer", "admin")
EFFECTS = ("safety", "performance", "registration")


class Walk:
    """One model, its people and its records."""

    model = ""
    system = ()  # steps that no person takes: they follow from something else

    def __init__(self, env, flow):
        self.env, self.flow = env, flow
        self.Model, self.machine = env[self.model], env[self.model]._med_machine
        self.users = {role: env["res.users"].search([("login", "in", (f"test_{role}", role))])
                      for role in ROLES}
        self.open_steps = [one for one in self.machine.transitions if one.name not in self.system]
        self.people = self._people()
        self.ways = self._ways()

    # -------------------------------------------------- what a model says of itself

    def born(self):
        """A new record."""
        raise NotImplementedError

    def values(self, record, step):
        """Field → value of what a step asks for; by default a word, or the last of a selection."""
        return {path: self._any(path) for path in step.required if "." not in path}

    def write(self, record, step, values):
        """Write what a step asks for."""
        record.write(values)

    def way(self, state, step):
        """The steps that lead to a state, from where a step is to be taken; the shortest."""
        return self.ways[state]

    # -------------------------------------------------- people and ways

    def _any(self, path):
        field = self.Model._fields[path]
        return field.get_values(self.env)[-1] if field.type == "selection" else "Walk"

    def _person(self, login):
        """A person of quality assurance, whom another walk may have made already."""
        return self.env["res.users"].search([("login", "=", login)]) or self.users["qa"].copy(
            {"name": login, "login": login, "password": login})

    def _people(self):
        """One person for each signature that the declaration asks for: none of them clashes."""
        env, people, named = self.env, {}, {}
        prefix = self.model.replace(".", "_")
        for step in self.machine.transitions:
            for slot, signer in enumerate(step.signers):
                person = named.get(signer.only)
                if not person:
                    person = self._person(f"{prefix}_{step.name}_{slot}")
                    if signer.only:
                        named[signer.only] = person
                person.group_ids = [Command.link(env.ref(group).id) for group in signer.groups]
                people[step.name, slot] = person
        env.cr.execute("UPDATE res_users SET med_password_temporary = false")
        env.invalidate_all()
        for (name, slot), person in people.items():
            step = next(one for one in self.machine.transitions if one.name == name)
            self._grant(person, step.signers[slot].meaning)
        return people

    def _grant(self, person, code):
        env = self.env
        meaning = env["med.signature.meaning"].search([("code", "=", code)])
        if env["med.signature.grant"].search_count(
                [("user_id", "=", person.id), ("meaning_id", "=", meaning.id)]):
            return
        grant = env["med.signature.grant"].with_user(self.users["system_admin"]).create({
            "user_id": person.id, "identity_method": "known", "identity_reference": "file 1",
            "meaning_id": meaning.id})
        for user, said in ((self.users["system_admin"], "verified"), (person, "acknowledged"),
                           (self.users["regulatory"], "approved")):
            grant.with_user(user).med_sign(said, user.login, user.login)

    def _ways(self):
        ways, todo = {self.machine.initial: []}, [self.machine.initial]
        while todo:
            state = todo.pop(0)
            for step in self.machine.transitions:
                if state in step.source and step.target not in ways:
                    ways[step.target] = [*ways[state], step]
                    todo.append(step.target)
        return ways

    def take(self, record, step):
        for slot, signer in enumerate(step.signers):
            user = self.people[step.name, slot]
            record.with_user(user).med_sign(
                signer.meaning, user.login, user.login, reason="Walk", transition=step.name)
        if not step.signers:
            record.with_user(self.users["qa"]).med_transition(step.name, reason="Walk")

    # -------------------------------------------------- records

    def fill(self, record, step, without=""):
        """Write what a step asks for; what shall be lacking is emptied."""
        values = {name: value for name, value in self.values(record, step).items()
                  if not record._med_is_locked(name)}
        if without in values:
            values[without] = (
                [Command.clear()] if self.Model._fields[without].type.endswith("2many") else False)
        self.write(record, step, values)

    def made(self, state, step=None, without=""):
        """The id of a record in a state, ready for a step but for one field."""
        record = self.born()
        for one in self.way(state, step):
            self.fill(record, one, without)
            self.take(record, one)
        if step:
            self.fill(record, step, without)
        return record.id

    def lacking(self):
        """[step, field, id of a record that lacks it]; 0: no way leads there without it."""
        for step in self.open_steps:
            for path in step.required:
                name = path.partition(".")[0]
                if name in self.values(self.Model, step) and not self.Model._fields[name].required:
                    with self.env.cr.savepoint() as savepoint:
                        try:
                            record = self.made(step.source[0], step, name)
                        except UserError:
                            record = 0
                            savepoint.rollback()
                    yield step.name, path, record

    def told(self):
        steps, states = self.machine.transitions, list(self.Model._med_states())
        return {
            "states": states,
            "steps": [{
                "name": step.name, "target": step.target,
                "source": [] if step.name in self.system else list(step.source),
                "asks": bool(step.required),
                "signers": [[signer.meaning, self.people[step.name, slot].login]
                            for slot, signer in enumerate(step.signers)],
                "roles": [role for role, user in self.users.items() if any(
                    user.has_group(group) for group in (
                        *step.groups, *(one for signer in step.signers for one in signer.groups)))],
                } for step in steps],
            "reads": [role for role, user in self.users.items()
                      if self.Model.with_user(user).has_access("read")],
            "stays": {state: self.made(state) for state in states},
            "ready": [[state, step.name, self.made(state, step)]
                      for step in self.open_steps for state in step.source],
            "spare": {step.name: self.made(step.source[0], step) for step in self.open_steps[:2]},
            "lacking": list(self.lacking()),
        }


class NonconformityWalk(Walk):
    model = "med.nonconformity"

    def born(self):
        return self.Model.browse(self.Model.report("Walk", hold=False)["nonconformity"])


class DeviationWalk(Walk):
    model = "med.deviation"

    def __init__(self, env, flow):
        self.product = flow.product("Walked stent")
        super().__init__(env, flow)

    def born(self):
        return self.Model.create({
            "kind": "unplanned", "legal_ok": True, "cause": "Walk", "correction": "Walk"})

    def values(self, record, step):
        found = super().values(record, step)
        if "product_ids" in found:
            found["product_ids"] = [Command.set(self.product.ids)]
        return found


class CapaWalk(Walk):
    model = "med.capa"

    def born(self):
        record = self.Model.browse(self.Model.open_case(summary="Walk")["capa"])
        record.owner_id = self.users["admin"]
        return record

    def values(self, record, step):
        found, today = super().values(record, step), fields.Date.today()
        found.pop("risk_class", None)  # follows from severity, occurrence and detection
        if step.name == "plan":
            found |= {
                "owner_id": self.users["admin"].id, "effect_date": today,
                "effect_user_id": self.people["prove", 0].id,
                "action_ids": [Command.clear(), Command.create({
                    "what": "Walk", "owner_id": self.users["operator"].id, "date_due": today})]}
        if "result" in found:
            found["result"] = {"prove": "effective", "fail": "ineffective"}[step.name]
        return found

    def write(self, record, step, values):
        if step.name == "implement":
            record.action_ids.filtered(lambda one: one.state == "open").with_user(
                self.users["operator"]).finish(evidence="Walk")
        if step.name in ("prove", "fail"):
            record = record.with_user(self.people["prove", 0])
        record.write(values)


class ChangeWalk(Walk):
    model = "med.change"

    def __init__(self, env, flow):
        self.product = flow.product("Walked pump").product_tmpl_id
        super().__init__(env, flow)
        self.assessor = self._person("walk_assessor")
        self.assessor.group_ids = [Command.link(group.id) for group in env[
            "med.change.function"].search([]).group_id]

    def born(self):
        told = self.Model.request(title="Walk", effects=dict.fromkeys(EFFECTS, "none"))
        return self.Model.browse(told["change"])

    def values(self, record, step):
        found = super().values(record, step)
        found.pop("change_class", None)  # follows from the effects
        if "owner_id" in found:
            found["owner_id"] = self.users["admin"].id
        if "product_tmpl_ids" in found:
            found["product_tmpl_ids"] = [Command.set(self.product.ids)]
        return found

    def write(self, record, step, values):
        record.write(values)
        if step.name == "assess":
            if record.product_tmpl_ids:
                record.action_impact()
                record.impact_ids.settle(reason="Walk")
            record.assessment_ids.with_user(self.assessor).write({"effect": "no", "text": "Walk"})
            record.market_ids.write({"needed": "no"})

    def carried(self, product, subject):
        """An approved change of one product and subject."""
        told = self.Model.request(title="Walk", products=product.ids, subjects=[subject],
                                  effects=dict.fromkeys(EFFECTS, "none"))
        record = self.Model.browse(told["change"])
        for name in ("assess", "approve"):
            step = record._med_find_transition(name)
            self.fill(record, step)
            self.take(record, step)
        return record

    def way(self, state, step):
        if step and step.name == "reassess":  # of what began as an emergency alone
            return [one for one in self.machine.transitions if one.name in ("emergency", "assess")]
        return super().way(state, step)


class ReviewWalk(Walk):
    model = "med.management.review"

    def born(self):
        return self.Model.create({
            "date_from": "2026-01-01", "date_to": "2026-01-31",
            "chair_id": self.people["conclude", 1].id})

    def values(self, record, step):
        found = super().values(record, step)
        found.pop("figures_digest", None)  # follows from the figures
        if step.name == "conclude":
            chair = self.people["conclude", 1]
            found |= {"date": fields.Date.today(), "chair_id": chair.id,
                      "participant_ids": [Command.set(chair.ids)]}
        return found

    def write(self, record, step, values):
        if step.name == "present":
            record.action_compute()
        if step.name == "conclude":
            record.minute_ids.write({"text": "Walk"})
        record.write(values)


class AuditWalk(Walk):
    model = "med.quality.audit"

    def born(self):
        return self.Model.create({"scope": "Walk", "auditor_id": self.people["report", 0].id})

    def values(self, record, step):
        found = super().values(record, step)
        if step.name == "start":
            found |= {"date_from": fields.Date.today(),
                      "auditor_id": self.people["report", 0].id}
        return found


class RuleWalk(Walk):
    model = "med.trigger.rule"

    def born(self):
        return self.Model.create({"name": "Walk"})


class ControlWalk(Walk):
    model = "med.product.control"

    def __init__(self, env, flow):
        self.changes = ChangeWalk(env, flow)
        super().__init__(env, flow)

    def born(self):
        return self.Model.create({
            "product_tmpl_id": self.flow.product("Walked valve").product_tmpl_id.id})

    def write(self, record, step, values):
        record.write(values)
        if step.name == "end":
            self.changes.carried(record.product_tmpl_id, "control")


class HazardWalk(Walk):
    model = "med.risk.hazard"
    system = ("supersede",)

    def __init__(self, env, flow):
        self.product = flow.product("Walked needle").product_tmpl_id
        super().__init__(env, flow)

    def born(self):
        return self.Model.create({"hazard": "Walk"})

    def values(self, record, step):
        found = {name: "1" if self.Model._fields[name].type == "selection" else value
                 for name, value in super().values(record, step).items()
                 if name not in ("verdict", "residual_verdict")}  # these follow from the matrix
        if step.name == "review":
            found |= {"owner_id": self.users["admin"].id,
                      "product_tmpl_ids": [Command.set(self.product.ids)]}
        return found

    def take(self, record, step):
        if step.name == "supersede":
            record = self.Model.browse(record.revise(reason="Walk")["hazard"])
            step = self.machine.transitions[0]
            self.fill(record, step)
        super().take(record, step)


class DocumentWalk(Walk):
    model = "med.external.document"
    last = 0

    def born(self):
        self.last += 1
        return self.Model.create({"number": f"WALK {self.last}", "title": "Walk"})

    def values(self, record, step):
        found = super().values(record, step)
        if "in_force_from" in found:
            found["in_force_from"] = fields.Date.today()
        if "superseded_by_id" in found:
            found["superseded_by_id"] = self.Model.search([], limit=1, order="id").id
        return found


class ProgrammeWalk(Walk):
    model = "med.quality.audit.programme"

    def born(self):
        return self.Model.create({"name": "Walk"})

    def values(self, record, step):
        found = super().values(record, step)
        if step.name == "approve":
            process = self.env["med.quality.process"].search([], limit=1)
            found |= {"owner_id": self.users["admin"].id, "line_ids": [
                Command.clear(), Command.create({"process_id": process.id})]}
        return found


class FindingWalk(Walk):
    model = "med.quality.finding"
    system = ("take_up",)

    def __init__(self, env, flow):
        self.audits = AuditWalk(env, flow)
        super().__init__(env, flow)

    def born(self):
        audit = self.audits.Model.browse(self.audits.made("under_way"))
        record = self.Model.create({"audit_id": audit.id, "what": "Walk", "evidence": "Walk"})
        report = next(one for one in self.audits.machine.transitions if one.name == "report")
        self.audits.fill(audit, report)
        self.audits.take(audit, report)
        return record

    def take(self, record, step):
        if step.name == "take_up":
            record.join_capa(self.env["med.capa"].open_case(summary="Walk")["capa"])
        else:
            super().take(record, step)

    def fill(self, record, step, without=""):
        if step.name not in self.system:
            super().fill(record, step, without)


class MockWalk(Walk):
    model = "med.mock.inspection"

    def __init__(self, env, flow):
        self.product = flow.product("Walked clip")
        self.product.med_controlled = True
        flow.lots(self.product, "WALK-1", "WALK-2")
        super().__init__(env, flow)

    def born(self):
        return self.Model.create({
            "inspector_id": self.people["report", 0].id, "lots_wanted": 1,
            "product_tmpl_ids": [Command.set(self.product.product_tmpl_id.ids)]})

    def values(self, record, step):
        found = super().values(record, step)
        if "inspector_id" in found:
            found["inspector_id"] = self.people["report", 0].id
        return found

    def write(self, record, step, values):
        if step.name == "report":
            for lot in record.lot_ids.filtered(lambda one: not one.done_at):
                lot.show()
                lot.answer_ids.write({"answer": "Walk"})
                lot.finish()
                lot.answer_ids.write({"verdict": "yes"})
        record.write(values)


class DecidedWalk(Walk):
    """What begins with a recall that is under way."""

    def __init__(self, env, flow):
        super().__init__(env, flow)
        for meaning, person in self.signers.items():
            self._grant(person, meaning)

    def _people(self):
        self.signers = {"reviewed": self._person("walk_scope_reviewer"),
                        "approved": self._person("walk_scope_approver")}
        return super()._people()

    def decided(self, lot):
        level = self.env["med.recall.class"].search([("code", "=", "cn_2")])
        words = [f"hazard_{name}" for name in (
            "event", "conditions", "population", "seriousness", "likelihood", "consequences",
            "conclusion")]
        recall = self.env["med.recall"].create({
            **dict.fromkeys([*words, "summary", "reason", "instruction"], "Walk"),
            "action": "warn", "assessor_ids": [Command.set(self.signers["reviewed"].ids)],
            "criterion_ids": [Command.create({"lot_ids": [Command.set(lot.ids)]})],
            "level_ids": [Command.create({"jurisdiction_id": level.jurisdiction_id.id,
                                          "class_id": level.id})]})
        for step, meaning in (("assess", "reviewed"), ("decide", "approved")):
            if step == "decide":
                recall.draw()
            user = self.signers[meaning]
            recall.with_user(user).med_sign(meaning, user.login, user.login, transition=step)
        return recall


class ScopeWalk(DecidedWalk):
    """Later versions: the first is frozen by its recall's decision."""

    model = "med.recall.scope"
    system = ("found", "replace")

    def __init__(self, env, flow):
        product = flow.product("Walked lead")
        product.med_controlled = True
        self.lots = flow.lots(product, "SCOPE-1", "SCOPE-2")
        super().__init__(env, flow)

    def born(self):
        recall = self.decided(self.lots[0])
        recall.criterion_ids.lot_ids = [Command.link(self.lots[1].id)]
        return self.Model.browse(recall.draw()["scope"])

    def take(self, record, step):
        if step.name == "replace":
            record._med_replace()
        else:
            super().take(record, step)


class UnderWayWalk(DecidedWalk):
    """A recall of 100 units in our stock and 100 at one consignee."""

    def __init__(self, env, flow):
        super().__init__(env, flow)
        self.clinic, supplier = env["res.partner"].create([
            {"name": f"Walked {name}", "country_id": env.ref("base.cn").id}
            for name in ("clinic", "supplier")])
        self.lot, = flow.lots(flow.product(f"Walked goods of {self.model}"), "WALK-BACK-1")
        flow.receive([(self.lot, 200)], supplier)
        flow.picking([(self.lot, 100)], self.clinic)._action_done()
        self.stock = flow.stock
        self.recall = self.decided(self.lot)


class RecallReturnWalk(UnderWayWalk):
    model = "med.recall.return"

    def born(self):
        return self.Model.create({"recall_id": self.recall.id, "partner_id": self.clinic.id})

    def write(self, record, step, values):
        if step.name == "receive":
            record.scan(code=self.lot.name, quantity=1, product_id=self.lot.product_id.id)


class RecallDestructionWalk(UnderWayWalk):
    model = "med.recall.destruction"

    def born(self):
        return self.Model.create({"recall_id": self.recall.id})

    def values(self, record, step):
        found = super().values(record, step)
        if step.name == "destroy":
            found |= {"date": fields.Datetime.now(), "line_ids": [
                Command.clear(), Command.create({
                    "lot_id": self.lot.id, "location_id": self.stock.id, "quantity": 1})]}
        return found


class RecallWalk(Walk):
    model = "med.recall"

    def __init__(self, env, flow):
        product = flow.product("Walked valve")
        self.lot, = flow.lots(product, "WALK-RECALL")
        super().__init__(env, flow)

    def born(self):
        return self.Model.create({"summary": "Walk", "criterion_ids": [
            Command.create({"lot_ids": [Command.set(self.lot.ids)]})]})

    def values(self, record, step):
        found = super().values(record, step)
        found.pop("scope_digest", None)  # follows from the lots that are found
        if step.name == "assess":
            level = self.env["med.recall.class"].search([], limit=1)
            found |= {
                "aware_at": fields.Datetime.now(),
                "assessor_ids": [Command.set(self.people["assess", 0].ids)],
                "level_ids": [Command.clear(), Command.create({
                    "jurisdiction_id": level.jurisdiction_id.id, "class_id": level.id})]}
        return found

    def write(self, record, step, values):
        record.write(values)
        if step.name == "decide":
            record.draw()
        if step.name == "terminate":
            record.check_ids.write({"result": "yes", "evidence": "Walk"})
            record.clock_ids.filtered(
                lambda one: one.state in ("waiting", "running")).waive(reason="Walk")


class RecallReportWalk(Walk):
    model = "med.recall.report"
    system = ("supersede",)

    def __init__(self, env, flow):
        super().__init__(env, flow)
        # Every report has a recall of its own: a later one of the same kind supersedes.
        self.kind = env["med.recall.report.kind"].search([("code", "=", "us_821")])

    def born(self):
        recall = self.env["med.recall"].create({"summary": "Walk"})
        return self.Model.create({"recall_id": recall.id, "kind_id": self.kind.id})

    def values(self, record, step):
        found = super().values(record, step)
        found.pop("digest", None)  # follows from what the recall knows
        return found

    def fill(self, record, step, without=""):
        if step.name == "approve":
            for line in record.line_ids.filtered(lambda one: not one.text):
                line.text = "Walk"
        # How it was submitted is written of a report that is signed.
        if "submission_ids" in step.required and without != "submission_ids":
            record.submission_ids = [Command.create({"channel": "portal"})]

    def take(self, record, step):
        if step.name == "supersede":
            later = self.Model.create({"recall_id": record.recall_id.id, "kind_id": self.kind.id})
            for one in self.ways["submitted"]:
                self.fill(later, one)
                self.take(later, one)
        else:
            super().take(record, step)


class LetterWalk(Walk):
    model = "med.recall.letter"
    body = "<p>{{lots}} {{reason}} {{instruction}} {{answer}}</p>"

    def born(self):
        # Each has a recall of its own: the next version that is signed supersedes.
        recall = self.env["med.recall"].create({
            "summary": "Walk", "reason": "Walk", "instruction": "Walk"})
        return self.Model.create({"recall_id": recall.id, "lang": "en_US", "subject": "Walk",
                                  "body": self.body})

    def values(self, record, step):
        found = super().values(record, step)
        return {**found, "body": self.body} if "body" in found else found
