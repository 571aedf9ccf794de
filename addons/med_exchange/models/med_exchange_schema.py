import json
from pathlib import Path

from odoo import api, fields, models
from odoo.addons.med_base.tools.evidence import digest
from odoo.exceptions import UserError, ValidationError
from odoo.modules import get_module_path
from odoo.tools import ormcache

from ..exceptions import Problem
from ..tools import compatible, units, validation
from ..tools import schema as rules
from ..tools.words import Sentence, _lt

OWNERS = [
    ("engineering", "Engineering"), ("finance", "Finance"), ("maintenance", "Maintenance"),
    ("production", "Production"), ("purchasing", "Purchasing"), ("quality", "Quality"),
    ("regulatory", "Regulatory Affairs"), ("sales", "Sales"), ("warehouse", "Warehouse"),
]
TRUTHS = [
    ("maker", "Maker of the Lot"), ("sender", "Sender of the Message"),
    ("CRM", "Customers (CRM)"), ("ERP", "Planning (ERP)"), ("LIMS", "Laboratory (LIMS)"),
    ("MES", "Shop Floor (MES)"), ("QMS", "Quality Management (QMS)"), ("WMS", "Warehouse (WMS)"),
]


class MedExchangeSchema(models.Model):
    """One version of what is said of one kind of object, as everybody can read it.

    The files ``schemas/<name>-<major>.<minor>.json`` of an addon are the source; the rows are made
    from them at every upgrade. What was shipped is never changed: messages refer to it.
    """

    _name = "med.exchange.schema"
    _description = "Schema of Exchanged Objects"
    _order = "name, major desc, minor desc"
    _rec_names_search = ["name", "title"]

    name = fields.Char("Schema", required=True, readonly=True)
    version = fields.Char(required=True, readonly=True)
    major = fields.Integer(required=True, readonly=True)
    minor = fields.Integer(required=True, readonly=True, help=(
        "Later minor versions of one major version allow all that the earlier ones allow."))
    addon = fields.Char(readonly=True, help="The addon that brings it.")
    state = fields.Selection([("active", "In Force"), ("retired", "Retired")], "Status",
                             required=True, default="active", readonly=True, copy=False,
                             help="Messages by a retired version are refused.")
    title = fields.Char("Object", readonly=True, translate=True)
    description = fields.Text(readonly=True, translate=True)
    owner = fields.Selection(OWNERS, readonly=True,
                             help="The function that answers for these data.")
    truth = fields.Selection(TRUTHS, "Source of Truth", readonly=True,
                             help="The kind of system whose word counts where two differ.")
    body = fields.Text("JSON Schema", required=True, readonly=True)
    example = fields.Text(readonly=True)
    digest = fields.Char("SHA-256", required=True, readonly=True)
    field_ids = fields.One2many("med.exchange.schema.field", "schema_id", "Fields", readonly=True)
    field_count = fields.Integer("Number of Fields", compute="_compute_field_count")

    _version_uniq = models.Constraint("UNIQUE (name, version)", "There is this version already.")

    @api.depends("title", "name", "version")
    def _compute_display_name(self):
        for schema in self:
            schema.display_name = f"{schema.title or schema.name} {schema.version}"

    @api.depends("field_ids")
    def _compute_field_count(self):
        for schema in self:
            schema.field_count = len(schema.field_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "A version of a schema is retired, not deleted: messages refer to it."))

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def retire(self):
        """Refuse messages by these versions from now on."""
        return self._med_set_state("retired")

    def bring_back(self):
        """Take messages by these versions again."""
        return self._med_set_state("active")

    def _med_set_state(self, state):
        if not self.env.su and not self.env.user.has_group("med_base.med_base_group_system_admin"):
            raise UserError(self.env._(
                "Only a system administrator puts a version in force or retires it."))
        self.check_access("read")
        self.sudo().state = state
        return True

    # ------------------------------------------------------------------ for messages

    @api.model
    def _med_schema(self, name, version):
        """Return the row of a version, as the superuser reads it; no row when there is none."""
        return self.sudo().browse(self._med_read(name, version)[0])

    @api.model
    def _med_problems(self, name, version, payload):
        """Return what is wrong with a payload: list of at most 50 Problem, pointers into it."""
        found, body, validator = self._med_read(name, version)
        if not found:
            return [Problem("", self._med_sentence(
                _lt("“%(schema)s” has no version %(version)s here."), schema=name,
                version=version))]
        return validation.problems(validator, payload, self._med_sentence) or units.normal(
            body, payload, self._med_sentence).problems

    @api.model
    def _med_normal(self, name, version, payload):
        """Return a valid payload with its quantities in the declared units and precision.

        The payload that was given stays as it is: it is what was sent.
        """
        return units.normal(self._med_read(name, version)[1], payload).payload

    @api.model
    def _med_notes(self, name, version, payload):
        """Return what :meth:`_med_normal` converts or rounds: list of Problem."""
        return units.normal(self._med_read(name, version)[1], payload, self._med_sentence).notes

    @api.model
    def _med_sentence(self, template, **values):
        """Return a sentence of the rules, whose template is marked there, in the reader's words."""
        text = self.env._(template, **values)  # pylint: disable=gettext-variable
        return Sentence(text, template, values)

    @api.model
    @ormcache("name", "version")
    def _med_read(self, name, version):
        """Return id, body and validator of a version; nothing of it may be changed."""
        found = self.sudo().search([("name", "=", name), ("version", "=", version)], limit=1)
        if not found:
            return False, {}, None
        body = json.loads(found.body)
        return found.id, body, validation.compiled(body)

    # ------------------------------------------------------------------ files to rows

    @api.model
    def _med_load(self, addon):
        """Make the rows of an addon's schemas from its files; what has no file is retired.

        :raise ValidationError: a shipped version was changed, or breaks the rule of versions
        """
        folder = Path(get_module_path(addon)) / "schemas"
        loaded = self.browse()
        found = {path: rules.FILE.fullmatch(path.name) for path in folder.glob("*-*.json")}
        for path, named in sorted(found.items(), key=lambda one: (
                one[1]["name"], int(one[1]["major"]), int(one[1]["minor"]))):
            loaded |= self._med_load_file(addon, path, named)
        gone = self.search([("addon", "=", addon), ("state", "=", "active")]) - loaded
        gone.write({"state": "retired"})
        self.env.registry.clear_cache()

    def _med_load_file(self, addon, path, named):
        text = path.read_text(encoding="utf-8")
        version = f"{named['major']}.{named['minor']}"
        known = self.search([("name", "=", named["name"]), ("version", "=", version)])
        if known:
            if known.digest != digest(text.encode()):
                raise ValidationError(self.env._(
                    "Version %(version)s of “%(schema)s” was shipped with another content. A "
                    "change is a new version.", version=version, schema=named["name"]))
            return known
        body = json.loads(text)
        try:
            rules.check(body)
        except rules.BadSchema as error:
            raise ValidationError(self.env._(
                "%(file)s is no schema that can be used here: %(error)s", file=path.name,
                error=error)) from error
        self._med_check_versions(named, version, body)
        example = path.parent / "examples" / path.name
        return self.create({
            "name": named["name"], "version": version, "major": int(named["major"]),
            "minor": int(named["minor"]), "addon": addon, "title": body["title"],
            "description": body["description"], "owner": body["x-owner"],
            "truth": body["x-truth"], "body": text, "digest": digest(text.encode()),
            "example": example.read_text(encoding="utf-8") if example.exists() else False,
            "field_ids": [(0, 0, self.env["med.exchange.schema.field"]._med_values(place, one))
                          for place, one in enumerate(rules.fields(body))]})

    @api.model
    def _med_load_words(self, addons, langs):
        """Take over what addons' files ``schemas/<language>/<name>-<version>.json`` say.

        :param langs: codes of languages that are installed
        """
        for schema in self.sudo().search([("addon", "in", list(addons))]):
            folder = Path(get_module_path(schema.addon)) / "schemas"
            for lang in langs:
                path = folder / lang / f"{schema.name}-{schema.version}.json"
                if path.exists():
                    schema.with_context(lang=lang)._med_say(json.loads(path.read_text("utf-8")))

    def _med_say(self, words):
        """Write title and description of this version and its fields, in the context's language.

        :param words: ``{"title", "description", "fields": {pointer: {"title", "description"}}}``
        """
        self.write({name: words[name] for name in ("title", "description") if name in words})
        for field in self.field_ids:
            told = words.get("fields", {}).get(field.pointer, {})
            field.write({name: told[key] for name, key in (
                ("name", "title"), ("description", "description")) if key in told})

    def _med_check_versions(self, named, version, body):
        """A minor version allows all that the one before allows."""
        before = self.search([("name", "=", named["name"]), ("major", "=", int(named["major"])),
                              ("minor", "<", int(named["minor"]))], order="minor desc", limit=1)
        if before and (broken := compatible.breaks(json.loads(before.body), body)):
            raise ValidationError(self.env._(
                "Version %(version)s of “%(schema)s” cannot follow %(before)s; it is a new major "
                "version:\n%(broken)s", version=version, schema=named["name"],
                before=before.version,
                broken="\n".join(f"{one.pointer} {one.message}" for one in broken)))
