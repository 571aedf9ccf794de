import ast
from collections import OrderedDict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache
from psycopg2 import DataError
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from . import person

OWN_ALONE = ("write_date", "write_uid")  # changes of these alone are no change
FIXED = {"model_id", "active", "locked", "secret_fields", "quiet_fields", "skip_rows"}
DECLARED = {"locked", "quiet_fields", "skip_rows"}
PICTURE_ROWS = 500
PICTURE_WAIT = "200ms"  # for who writes them: less than PostgreSQL takes to look for deadlocks
TALK = ("mail.", "discuss.")  # who follows or has starred what is no regulated content
# Models of addons that may be there or not, with what of theirs is secret.
WHERE_INSTALLED = {
    "base.automation": "",
    "auth.passkey.key": "",
    "auth_totp.device": "key",
    "fetchmail.server": "password",
}


class MedAuditPolicy(models.Model):
    """Which model is audited, and when a change of it needs a reason.

    A policy puts triggers on the table of its model and on the many2many tables of its fields, at
    once. One that an addon declares (``locked``) cannot be taken off from the client, by nobody.
    """

    _name = "med.audit.policy"
    _description = "Audit Policy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_name = "model_id"

    sequence = fields.Integer(
        default=100, help="Of two policies that could cover a many2many table the first one does.",
    )
    model_id = fields.Many2one(
        "ir.model", required=True, ondelete="cascade",
        domain=[("transient", "=", False), ("abstract", "=", False)],
    )
    model = fields.Char("Technical Name", related="model_id.model", store=True, index=True)
    active = fields.Boolean(default=True)
    locked = fields.Boolean(
        "Declared by an Addon", readonly=True, help="Cannot be archived, deleted or narrowed.",
    )
    reason_domain = fields.Char(
        "Reason Needed For", help="Records of this domain are changed and deleted with a reason "
                                  "only. Empty: none.",
    )
    reason_fields = fields.Char(
        "Fields That Need a Reason", help="Names with commas between. Empty: every field.",
    )
    secret_fields = fields.Char(
        "Secret Fields", help="Names with commas between. The trail shows that they changed, not "
                              "their values. name?other?pattern: secret where the other column "
                              "matches the pattern.",
    )
    quiet_fields = fields.Char(
        readonly=True, help="Columns whose change alone is no entry: the next run of a job.",
    )
    skip_rows = fields.Char(readonly=True, help="column=value of rows that are not audited.")
    tables = fields.Char(compute="_compute_tables", help="Tables with triggers of this policy.")
    state = fields.Selection(
        [("on", "Recording"), ("picture", "Recording, existing rows follow"),
         ("broken", "Not recording"), ("off", "Off")],
        compute="_compute_tables",
    )

    _model_uniq = models.Constraint("UNIQUE (model_id)", "The model has an audit policy already.")

    # ------------------------------------------------------------------------------------------
    # Configuration

    @api.depends("model", "active")
    def _compute_tables(self):
        self.env.cr.execute("""
            SELECT e.model, string_agg(e.tbl, ', ' ORDER BY e.tbl), count(e.problem),
                   count(t.pictured)
              FROM med_audit.expected() e JOIN med_audit.target t USING (tbl)
          GROUP BY e.model""")
        found = {model: row for model, *row in self.env.cr.fetchall()}
        for policy in self:
            tables, problems, pictures = found.get(policy.model, ("", 0, 0))
            policy.tables = tables
            if not policy.active:
                policy.state = "off"
            elif problems or policy.model in self.env and (
                    self.env[policy.model]._table not in tables.split(", ")):
                policy.state = "broken"
            else:
                policy.state = "picture" if pictures else "on"

    @api.constrains("secret_fields")
    def _check_secrets(self):
        """A pattern that PostgreSQL cannot read would refuse every change of the model."""
        for policy in self:
            for secret in policy._get_names("secret_fields"):
                name, *condition = secret.split("?")
                if len(condition) not in (0, 2):
                    raise ValidationError(self.env._(
                        "Secret fields: %(name)s must be a name or name?other?pattern.", name=name,
                    ))
                if condition:
                    try:
                        with self.env.cr.savepoint():
                            self.env.cr.execute("SELECT '' ~* %s", condition[1:],
                                                log_exceptions=False)
                    except DataError as error:
                        raise ValidationError(self.env._(
                            "Secret fields: %(pattern)s is not a pattern: %(error)s",
                            pattern=condition[1], error=str(error),
                        )) from error

    @api.constrains("model_id", "reason_domain", "reason_fields")
    def _check_names(self):
        for policy in self.filtered(lambda policy: policy.model in self.env):
            Model = self.env[policy.model]
            if Model._abstract or Model._transient or not self._get_tables(policy.model):
                raise ValidationError(self.env._(
                    "%(model)s keeps no records in a table.", model=policy.model,
                ))
            if unknown := policy._get_names("reason_fields") - set(Model._fields):
                raise ValidationError(self.env._(
                    "Fields that need a reason: %(model)s has no %(names)s.",
                    model=policy.model, names=", ".join(sorted(unknown)),
                ))
            try:
                Domain(policy._get_reason_domain()).validate(Model)
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(self.env._(
                    "Reason needed for: not a domain of %(model)s: %(error)s.",
                    model=policy.model, error=str(error),
                )) from error

    def _get_names(self, field):
        """Return the names written into one of the fields that list names."""
        return {name.strip() for name in (self[field] or "").split(",") if name.strip()}

    def _get_reason_domain(self):
        return ast.literal_eval(self.reason_domain.strip()) if self.reason_domain else []

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_declared(vals)
        # Written out, so that no default of the caller's context or of a user gets in.
        blank = dict.fromkeys(DECLARED, False) if self.pool.ready else {}
        policies = super().create([{**vals, **blank} for vals in vals_list])
        policies._changed(self.env._("created"))
        return policies

    def write(self, vals):
        self._check_declared(vals)
        if self.pool.ready and FIXED & set(vals):
            self._refuse_locked()
        result = super().write(vals)
        self._changed(self.env._("changed: %(fields)s", fields=", ".join(sorted(vals))))
        return result

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        if self.pool.ready:
            self._refuse_locked()
        names = self.mapped("model")
        result = super().unlink()
        self.browse()._changed(self.env._("deleted: %(models)s", models=", ".join(names)))
        return result

    def _check_declared(self, vals):
        """Only an addon that is being loaded says what is locked, quiet or left out."""
        if self.pool.ready and any(vals.get(name) for name in DECLARED):
            raise UserError(self.env._("This part of an audit policy is declared by addons."))

    def _refuse_locked(self):
        locked = self.filtered("locked")
        if locked:
            raise UserError(self.env._(
                "The audit of %(models)s is declared by an addon: it cannot be switched off, "
                "deleted or narrowed.", models=", ".join(locked.mapped("model")),
            ))

    def _changed(self, what):
        """Put triggers where the policies are now, and tell quality assurance of it."""
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.sudo()._apply()
        if self.pool.ready:
            self.env["med.audit.entry"]._alarm(
                self.env._("Audit policy changed"),
                self.env._("%(models)s %(what)s, by %(user)s.", what=what,
                           models=", ".join(self.mapped("model_id.name")) or "-",
                           user=self.env.user.name),
            )

    # ------------------------------------------------------------------------------------------
    # Triggers

    @api.model
    def _get_tables(self, model):
        """Return ``{table: column of the record's id}`` of a model and its many2many fields."""
        Model = self.env[model]
        tables = OrderedDict()
        if not Model._table_query:
            tables[Model._table] = "id"
        for field in Model._fields.values():
            if (field.type == "many2many" and field.store and field.relation
                    and not field.comodel_name.startswith(TALK)):
                tables.setdefault(field.relation, field.column1)
        self.env.cr.execute(SQL(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND relname IN %s", tuple(tables) or ("",),
        ))
        real = {name for [name] in self.env.cr.fetchall()}
        return {table: column for table, column in tables.items() if table in real}

    @api.model
    def _get_targets(self):
        """Return ``{table: arguments of med_audit.attach}`` as the active policies want it."""
        targets = {}
        policies = self.search([]).filtered(lambda policy: policy.model in self.env)
        tables = {policy: self._get_tables(policy.model) for policy in policies}
        own = {self.env[policy.model]._table for policy in policies}
        for policy in policies:
            for table, column in tables[policy].items():
                mine = table == self.env[policy.model]._table
                if table in targets or table in own and not mine:
                    continue
                quiet = policy._get_names("quiet_fields") if mine else ()
                targets[table] = {
                    "model": policy.model, "id_col": column,
                    "secrets": sorted(policy._get_names("secret_fields")) if mine else [],
                    "digests": [],
                    "quiet": sorted({*OWN_ALONE, *quiet}),
                    "skip": policy.skip_rows or "" if mine else "",
                }
        self.env.cr.execute("""
            SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
              JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)
               AND a.atttypid = 'bytea'::regtype AND a.attnum > 0 AND NOT a.attisdropped
          GROUP BY c.relname""", [list(targets)])
        for table, columns in self.env.cr.fetchall():
            targets[table]["digests"] = sorted(set(columns) - set(targets[table]["secrets"]))
        return targets

    @api.model
    def _apply(self, complete=False):
        """Put triggers on the tables of the active policies and take off all others.

        :param complete: the registry knows every model, so that a table it does not know is one
            that is gone
        :return: ``[(table, problem)]`` of triggers that had been tampered with and were repaired
        """
        cr = self.env.cr
        cr.execute("""
            SELECT t.tbl, t.model, t.id_col, t.secrets, t.digests, t.quiet, t.skip, e.problem
              FROM med_audit.target t JOIN med_audit.expected() e USING (tbl)""")
        standing = {row["tbl"]: row for row in cr.dictfetchall()}
        targets = self._get_targets()
        repaired = []
        for table, target in targets.items():
            found = standing.get(table, {})
            if {name: found.get(name) for name in target} == target and not found["problem"]:
                continue
            cr.execute("SELECT med_audit.logged(%s, %s)", [table, target["model"]])
            problem = found.get("problem") if found else cr.fetchone()[0] and "forgotten"
            cr.execute(
                "SELECT med_audit.attach(%s, %s, %s, %s::text[], %s::text[], %s::text[], %s)",
                [table, *target.values()], log_exceptions=False,
            )
            if problem:
                repaired.append((table, problem))
            if cron := self.env.ref("med_audit.ir_cron_check", raise_if_not_found=False):
                cron._trigger()
        audited = set(self.search([]).mapped("model"))
        for table in set(standing) - set(targets):
            if complete or self.pool.ready or standing[table]["model"] not in audited:
                cr.execute("SELECT med_audit.detach(%s)", [table])
        return repaired

    def _register_hook(self):
        """Check the triggers each time Odoo starts or has loaded addons, and put them right."""
        super()._register_hook()
        person.follow(self.pool)
        for model in filter(self.env.registry.get, WHERE_INSTALLED):
            if not self.with_context(active_test=False).search_count([("model", "=", model)]):
                self.create({
                    "model_id": self.env["ir.model"]._get_id(model), "locked": True,
                    "secret_fields": WHERE_INSTALLED[model], "sequence": 20,
                })
        try:
            with self.env.cr.savepoint():
                repaired = self.sudo()._apply(complete=True)
        except SerializationFailure:
            if self.pool.updated_modules:
                raise
            # A process that started beside this one has just put them right, and told of it.
            self.env.ref("med_audit.ir_cron_check")._trigger()
            repaired = []
        self._alarm_repaired(repaired)

    @api.model
    def _cron_check(self):
        """Make partitions ahead, put triggers right, picture rows that were there before."""
        self.env.cr.execute("SELECT med_audit.make_partitions()")
        self._alarm_repaired(self._apply())
        self._picture()

    def _alarm_repaired(self, repaired):
        if repaired:
            self.env["med.audit.entry"]._alarm(
                self.env._("Audit triggers had been tampered with"),
                self.env._(
                    "Put right now; what happened meanwhile is not in the trail: %(tables)s",
                    tables=", ".join(f"{table} ({problem})" for table, problem in repaired),
                ),
            )

    @api.model
    def _picture(self):
        """Write the rows that existed before auditing began into the trail, in batches."""
        Cron = self.env["ir.cron"]
        self.env.cr.execute(
            "SELECT tbl FROM med_audit.target WHERE pictured IS NOT NULL ORDER BY tbl")
        tables = [table for [table] in self.env.cr.fetchall()]
        Cron._commit_progress(remaining=len(tables))
        for number, table in enumerate(tables):
            seen = PICTURE_ROWS
            while seen == PICTURE_ROWS:
                try:
                    with self.env.cr.savepoint():
                        self.env.cr.execute(
                            "SELECT set_config('lock_timeout', %s, true)", [PICTURE_WAIT])
                        self.env.cr.execute(
                            "SELECT med_audit.picture(%s, %s)", [table, PICTURE_ROWS],
                            log_exceptions=False)
                        [seen] = self.env.cr.fetchone()
                except (SerializationFailure, DeadlockDetected, LockNotAvailable):
                    seen = 0  # somebody works on these rows just now: the next run takes them
                if not Cron._commit_progress(1, remaining=len(tables) - number):
                    return

    # ------------------------------------------------------------------------------------------
    # Reasons

    @api.model
    @ormcache()
    def _get_reason_rules(self):
        """Return ``{model: (domain, frozenset of fields)}`` of policies that ask for a reason."""
        return {
            policy.model: (
                policy._get_reason_domain(), frozenset(policy._get_names("reason_fields")),
            )
            for policy in self.sudo().search([("reason_domain", "not in", (False, "", "[]"))])
        }

    @api.model
    @ormcache()
    def _get_audited(self):
        """Return the names of the models that are audited."""
        return frozenset(self.sudo().search([]).mapped("model"))
