from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import ormcache

from ..exceptions import Refused
from ..tools.conflict import is_said, steps


@dataclass(frozen=True)
class Item:
    """One message as its handler gets it.

    :ivar object_id: the partner's code of the thing
    :ivar payload: valid by its schema, in the units that declares
    :ivar record: what the code was resolved to; an empty record when it is to be made
    :ivar event_time: when it happened, naive UTC, or None
    :ivar message: id of the row of med.exchange.message
    """

    object_id: str
    payload: dict = field(hash=False)
    record: object
    event_time: object = None
    message: int = 0


class MedExchangeHandler(models.AbstractModel):
    """How the objects of one schema are read from records and written to them.

    An addon makes one by ``_inherit = "med.exchange.handler"`` with its own ``_name``, the
    ``_schema`` it speaks and the ``_model`` of the records. Everything works on many at a time.
    """

    _name = "med.exchange.handler"
    _description = "Handler of Exchanged Objects"
    _schema = ""
    _model = ""
    # Pointers of what the schema takes and is read into no record; "-": each of a list.
    _unread = ()
    _together = False  # whether many are written by one statement, with no lines of their own

    @api.model
    @ormcache()
    def _med_handlers(self):
        """Return ``{schema: name of its handler model}``."""
        found = {}
        for name in self.env.registry.descendants(["med.exchange.handler"], "_inherit"):
            if schema := self.env.registry[name]._schema:
                found[schema] = name
        return found

    def _med_handler(self, schema):
        """Return the handler of a schema."""
        return self.env[self._med_handlers()[schema]]

    def _med_find(self, partner, object_ids):
        """Return ``{object id: record}`` for the codes that are known by themselves."""
        return {}

    def _med_object_id(self, records):
        """Return ``{record id: the code by which others know it}``."""
        raise NotImplementedError

    def _med_export(self, records):
        """Return ``{record id: payload}``: plain data, valid by the newest version."""
        raise NotImplementedError

    def _med_check(self, partner, payload):
        """Return ``[(pointer, sentence)]``: what is wrong beyond what the schema can say."""
        return []

    def _med_unread(self, payload):
        """Return the pointers of what a payload says that is read into no record."""
        return [pointer for pointer in self._unread if is_said(payload, steps(pointer))]

    def _med_foreign(self, partner, told):
        """Return ``{object id: Problem}`` of what is not this partner's to say: it waits for a
        person, whatever rule is agreed on.

        :param told: ``{object id: (payload, record or None, what that says now or None)}``
        """
        return {}

    def _med_apply(self, partner, items):
        """Make the records say what the items say; return them in the order of the items.

        :raise Refused: an item cannot be applied; the caller takes everything back
        """
        raise Refused("", self.env._("“%s” is only sent by us, not received.", self._schema))

    def _med_compensate(self, partner, record, before, message):
        """Take back what a message did to a record; return a sentence that says what was done.

        :param before: payload that :meth:`_med_export` gave before; {} when it was made by it
        :raise Refused: it cannot be taken back
        """
        raise Refused("", self.env._("What “%s” has done cannot be taken back.", self._schema))

    def _med_may_know(self, partner, records):
        """Return those of the records that a partner may hear of: its right's, of its company."""
        right = partner._med_right(self._schema, "out")
        if not right:
            return records.browse()
        if "company_id" in records._fields:
            records = records.filtered(
                lambda record: not record.company_id or record.company_id == partner.company_id)
        return records.filtered_domain(right._med_domain())

    def _med_turns(self, company):
        """Return in which scope messages take turns to make things of this schema."""
        return f"exchange/{company.id}/{self._schema}"

    def _med_emit(self, records):
        """Tell those who may know that the state of these records is now so."""
        self.env["med.exchange.event"]._med_emit(self._schema, records)
