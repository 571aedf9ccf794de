"""Each declared machine, walked from outside: every state, step, role and field that a step needs.

The tables come from the declarations themselves (``tests/machine_walk.py``), so a further state or
step is walked by itself, and a declaration that says something else than the server does is found.
"""

import copy
from pathlib import Path

import psycopg2
import pytest

from lib.rpc import JsonTwo, RpcError, XmlRpc

requirement = ("ISO-5.6 ISO-7.3.9 ISO-8.2.4 ISO-8.3.1 ISO-8.3.2 ISO-8.5.2 ISO-8.5.3 Q1 Q3 Q4 "
               "P11-10e P11-10f P11-10g")

TESTS = Path(__file__).resolve().parents[1]
SOURCE = "".join((TESTS / name).read_text() for name in ("trace_flow.py", "machine_walk.py"))
WALKS = {"med.nonconformity": "NonconformityWalk", "med.deviation": "DeviationWalk",
         "med.capa": "CapaWalk", "med.change": "ChangeWalk",
         "med.management.review": "ReviewWalk", "med.quality.audit": "AuditWalk",
         "med.trigger.rule": "RuleWalk", "med.product.control": "ControlWalk",
         "med.risk.hazard": "HazardWalk", "med.external.document": "DocumentWalk",
         "med.quality.audit.programme": "ProgrammeWalk", "med.quality.finding": "FindingWalk",
         "med.mock.inspection": "MockWalk", "med.recall.scope": "ScopeWalk",
         "med.recall": "RecallWalk", "med.recall.report": "RecallReportWalk",
         "med.recall.letter": "LetterWalk",
         "med.recall.return": "RecallReturnWalk",
         "med.recall.destruction": "RecallDestructionWalk"}


class Machine:
    """One model's machine as the server tells it, and the calls that try it."""

    def __init__(self, site, model, told):
        self.site, self.model, self.table = site, model, model.replace(".", "_")
        self.__dict__ |= told
        # Asked after every call: one connection, not a program started each time.
        self.connection = psycopg2.connect(dbname=site.database)
        self.connection.autocommit = True

    def one(self, query, *arguments):
        with self.connection.cursor() as cursor:
            cursor.execute(query, arguments)
            return cursor.fetchone()[0]

    def state(self, record):
        return self.one(f"SELECT state FROM {self.table} WHERE id = %s", record)

    def refusals(self, record, kind="step_refused"):
        return self.one("SELECT count(*) FROM med_audit_entry "
                        "WHERE event = %s AND model = %s AND res_id = %s", kind, self.model, record)

    def client(self, protocol, role):
        user = self.site.users[role]
        if protocol == "json2":
            return JsonTwo(self.site.url, self.site.database, user["api_key"])
        return XmlRpc(self.site.url, self.site.database, user["id"], user["api_key"])

    def take(self, client, record, step):
        """Take a step with everything it asks for."""
        for meaning, login in step["signers"]:
            client.call(self.model, "med_sign", [record], meaning=meaning, login=login,
                        secret=login, transition=step["name"], reason="Walk")
        if not step["signers"]:
            client.call(self.model, "med_transition", [record], name=step["name"], reason="Walk")

    def tried(self, client, record, step):
        """Try a step; return the state after it, and whether it was refused and that recorded."""
        before, refused = self.refusals(record), 0
        try:
            self.take(client, record, step)
        except RpcError as error:
            assert "Traceback" not in str(error)
            refused = 1
        return self.state(record), refused, self.refusals(record) - before

    def walk(self, client, steps, ready):
        """Try every step in every state; return where the server and the declaration differ.

        :param ready: (state, step) → a record that may take it
        """
        wrong = []
        for state in self.states:
            for step in steps:
                declared = state in step["source"]
                record = ready.get((state, step["name"]), self.stays[state])
                expected = (step["target"], 0, 0) if declared else (state, 1, 1)
                if self.tried(client, record, step) != expected:
                    wrong.append((state, step["name"]))
        return wrong


@pytest.fixture(scope="module", params=WALKS)
def machine(site, request):
    told = site.told(f"{SOURCE}\ntell({WALKS[request.param]}(env, Flow(env)).told())")
    walked = Machine(site, request.param, told)
    yield walked
    walked.connection.close()


def test_a_step_is_taken_where_it_is_declared_and_nowhere_else(machine):
    assert {state for step in machine.steps for state in (*step["source"], step["target"])} == set(
        machine.states)
    ready = {(state, step): record for state, step, record in machine.ready}
    assert machine.walk(machine.client("json2", "qa"), machine.steps, ready) == []


def test_a_broken_declaration_is_found(machine):
    """An arrow that the server does not have, and one that it has and the table does not."""
    client = machine.client("json2", "qa")
    step = copy.deepcopy(next(one for one in machine.steps if one["name"] in machine.spare))
    [source, *_more] = step["source"]
    elsewhere = next(one for one in machine.states if one not in step["source"])
    step["source"] = [elsewhere]
    ready = {(source, step["name"]): machine.spare[step["name"]]}
    wrong = machine.walk(client, [step], ready)
    assert (source, step["name"]) in wrong and (elsewhere, step["name"]) in wrong


def test_a_step_is_not_taken_while_a_field_it_needs_is_empty(machine):
    steps, client = {one["name"]: one for one in machine.steps}, machine.client("xmlrpc", "qa")
    tried = [(name, path, record) for name, path, record in machine.lacking if record]
    assert tried or not any(step["asks"] for step in machine.steps)
    for name, path, record in tried:
        state = machine.state(record)
        assert machine.tried(client, record, steps[name]) == (state, 1, 1), (name, path)


def test_no_state_is_written_and_no_signed_step_taken_unsigned(machine):
    client = machine.client("xmlrpc", "qa")
    for state, record in machine.stays.items():
        tries = [("write", {"vals": {"state": other}}, "state_refused")
                 for other in machine.states if other != state]
        tries += [("med_transition", {"name": step["name"], "reason": "Walk"}, "step_refused")
                  for step in machine.steps if step["signers"]]
        for method, arguments, kind in tries:
            before = machine.refusals(record, kind)
            with pytest.raises(RpcError):
                client.call(machine.model, method, [record], **arguments)
            assert (machine.state(record), machine.refusals(record, kind)) == (state, before + 1)


def test_no_role_takes_a_step_that_does_not_name_it(machine):
    """Who may read the record and tries is recorded; an outsider does not even see it."""
    for role, user in machine.site.users.items():
        client = machine.client("xmlrpc", role)
        for step in machine.steps:
            for state in () if role in step["roles"] else step["source"]:
                record = machine.stays[state]
                before = machine.refusals(record)
                with pytest.raises(RpcError):
                    if step["signers"]:
                        client.call(machine.model, "med_sign", [record],
                                    meaning=step["signers"][0][0], login=user["login"],
                                    secret=user["password"], transition=step["name"])
                    else:
                        client.call(machine.model, "med_transition", [record], name=step["name"],
                                    reason="Walk")
                assert (machine.state(record), machine.refusals(record)) == (
                    state, before + (role in machine.reads)), (role, step["name"], state)
