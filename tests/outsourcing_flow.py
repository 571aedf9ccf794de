"""Processors with programs, for black-box tests: source that ``site.shell`` runs, after
``trace_flow.py``, ``recall_flow.py`` and ``exchange_flow.py``."""

from datetime import timedelta

from odoo.fields import Command, Date

HEARS = ("outsourcing_order", "product", "lot", "hold")
SENDS = ("outsourcing_report", "processor_release", "nonconformity", "hold", "process_record")


class OutsourcingFlow:
    """Approved processors, each with the key of a program, and lots that are made for them.

    :param people: a ``RecallFlow``; its assessor approves processors and lifts holds
    """

    def __init__(self, env, people):
        self.env, self.people = env, people
        people.grant(people.assessor, "approved")

    def processor(self, code, processes, sends=SENDS):
        """Return ``{"code", "key", "file", "contact", "partner"}`` of an approved processor."""
        env = self.env
        account = ExchangeFlow(env).partner(code, sends)  # noqa: F821  # of exchange_flow.py
        partner = env["med.exchange.partner"].browse(account["id"])
        env["med.exchange.right"].create([{
            "exchange_partner_id": partner.id, "schema": schema, "direction": "out"}
            for schema in HEARS])
        contact = partner.partner_id
        # What is not released yet goes to it by this paper (21 CFR 801.150(e)).
        contact.write({"med_quarantine_agreement": f"QA-{code}",
                       "med_quarantine_until": Date.today() + timedelta(days=100)})
        file = env["med.processor"].create({
            "partner_id": contact.id, "connection": "api", "risk_class": "low",
            "date_review": Date.today() + timedelta(days=100),
            "scope_ids": [Command.create({"process": process}) for process in processes]})
        agreement = env["med.quality.agreement"].create({
            "name": f"QAG-{code}", "processor_id": file.id,
            "date_from": Date.today() - timedelta(days=9),
            "date_to": Date.today() + timedelta(days=9),
            "their_name": "Mr Zhang", "their_date": Date.today(), "clause_ids": [
                Command.create({"topic": topic, "title": topic, "text": f"On {topic}."})
                for topic in ("change", "retention", "access", "release", "events")]})
        for record in (agreement, file):
            record.with_user(self.people.assessor).med_sign(
                "approved", self.people.assessor.login, self.people.assessor.login)
        return {"code": code, "key": f"{account['key']}:first:{account['secret']}",
                "file": file.id, "contact": contact.id, "partner": partner.id,
                "agreement": agreement.id, "place": file.location_id.id}

    def person(self, account, login):
        """Name a person of a processor who uses its portal; the password is the login."""
        env = self.env
        user = env["res.users"].with_context(no_reset_password=True).create({
            "name": login, "login": login, "password": login,
            "partner_id": env["res.partner"].create(
                {"name": login, "parent_id": account["contact"]}).id,
            "group_ids": [Command.set(
                env.ref("med_base.med_base_group_portal_processor").ids)]})
        env.cr.execute("UPDATE res_users SET med_password_temporary = false WHERE id = %s",
                       [user.id])
        env.invalidate_all()
        env["med.processor"].browse(account["file"]).user_ids = user

    def draft(self, account, lots, quantity):
        """Return a draft order to sterilise a quantity of each lot."""
        return self.env["med.outsourcing.order"].create({
            "processor_id": account["file"], "kind": "process", "process": "sterilisation_eo",
            "date_due": Date.today() + timedelta(days=5),
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": quantity})
                         for lot in lots]})
