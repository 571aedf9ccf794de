"""Recalls for black-box tests: source that ``site.shell`` runs, after ``trace_flow.py``."""

from odoo.fields import Command

HAZARD = ("event", "conditions", "population", "seriousness", "likelihood", "consequences",
          "conclusion")


def consignees(env, lot, count):
    """Consignees of a lot that was shipped once, who all received what the first received.

    Written into the genealogy by SQL, since so many deliveries through Odoo take minutes.

    :return: the partners
    """
    partners = env["res.partner"].create([
        {"name": f"{lot.name} hospital {number}", "email": f"{lot.name}.{number}@example.com",
         "country_id": env.ref("base.cn").id} for number in range(count)])
    env.flush_all()
    env.cr.execute("""
        WITH event AS (
            INSERT INTO med_genealogy_event (company_id, res_id, partner_id, name, kind,
                   res_model, date)
            SELECT e.company_id, e.res_id + p.partner * 100000, p.partner, e.name, e.kind,
                   e.res_model, e.date
              FROM med_genealogy_event e, unnest(%(partners)s) p(partner)
             WHERE e.id = (SELECT max(event_id) FROM med_genealogy_line
                            WHERE lot_id = %(lot)s AND kind = 'delivery')
         RETURNING id)
        INSERT INTO med_genealogy_line (event_id, company_id, product_id, lot_id, node, kind,
               side, quantity, active, transform, certain, date)
        SELECT event.id, l.company_id, l.product_id, l.lot_id, l.node, l.kind, l.side,
               l.quantity, l.active, l.transform, l.certain, l.date
          FROM event, med_genealogy_line l
         WHERE l.lot_id = %(lot)s AND l.kind = 'delivery'""",
        {"partners": partners.ids, "lot": lot.id})
    env.invalidate_all()
    return partners


class RecallFlow:
    """People who assess and decide, and recalls that are ready for either.

    :ivar assessor: signs ``reviewed``, of quality assurance
    :ivar decider: signs ``approved``, of regulatory affairs; password and login are the same
    """

    def __init__(self, env):
        self.env = env
        users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
                 for name in ("qa", "system_admin", "regulatory")}
        logins = {"recall_assessor": "reviewed", "recall_decider": "approved"}
        people = [env["res.users"].search([("login", "=", login)]) or users[base].copy(
            {"name": login, "login": login, "password": login})
            for login, base in zip(logins, ("qa", "regulatory"), strict=True)]
        env.cr.execute("UPDATE res_users SET med_password_temporary = false")
        env.invalidate_all()
        self.users = users
        for person, code in zip(people, logins.values(), strict=True):
            self.grant(person, code)
        self.assessor, self.decider = people

    def grant(self, person, *codes):
        """Give a person rights to sign, by all their signatures."""
        users = self.users
        for code in codes:
            meaning = self.env["med.signature.meaning"].search([("code", "=", code)])
            if self.env["med.signature.grant"].search_count([
                    ("user_id", "=", person.id), ("meaning_id", "=", meaning.id)]):
                continue
            grant = self.env["med.signature.grant"].with_user(users["system_admin"]).create({
                "user_id": person.id, "identity_method": "known", "identity_reference": "file 1",
                "meaning_id": meaning.id})
            for user, said in ((users["system_admin"], "verified"), (person, "acknowledged"),
                               (users["regulatory"], "approved")):
                grant.with_user(user).med_sign(said, user.login, user.login)

    def assessed(self, lots):
        """An assessed recall of lots, ready to be found and decided."""
        level = self.env["med.recall.class"].search([("code", "=", "cn_2")])
        recall = self.env["med.recall"].with_user(self.assessor).create({
            "summary": "Seals open", "reason": "Two were found open", "action": "take_back",
            "instruction": "Send back", "assessor_ids": [Command.set(self.assessor.ids)],
            **{f"hazard_{name}": "None known" for name in HAZARD},
            "criterion_ids": [Command.create({"lot_ids": [Command.set(lots.ids)]})],
            "level_ids": [Command.create({"jurisdiction_id": level.jurisdiction_id.id,
                                          "class_id": level.id})]})
        recall.med_sign("reviewed", self.assessor.login, self.assessor.login, transition="assess")
        return recall.with_env(self.env)

    def letter(self, recall):
        """The approved letter of a recall."""
        letter = self.env["med.recall.letter"].with_user(self.assessor).create(
            {"recall_id": recall.id, "lang": "en_US"})
        letter.with_user(self.decider).med_sign(
            "approved", self.decider.login, self.decider.login)
        return letter.with_env(self.env)
