import json
from json import JSONDecodeError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..tools.udi import ISSUERS, UdiError, build, hri, ma, parse

VERSION = 1
_lt = LazyTranslate(__name__)

FNC1, FNC1_PRINTED = '\x1d', '\u241d'
"""XML-RPC loses control characters in silence, so that FNC1 travels as the character that shows it.
It is in no issuer's character set."""

SENTENCES = {
    'empty': _lt("There is no code."),
    'issuer': _lt("The code is not of one of the issuers GS1, HIBCC, ICCBBA and MA."),
    'symbology': _lt("A symbol of this kind does not hold data of GS1."),
    'format': _lt("%(element)s does not have the form that its issuer asks for."),
    'character': _lt("%(element)s has a character that does not belong there."),
    'length': _lt("%(element)s is too long or too short."),
    'check': _lt("The check digit or check character of %(element)s is wrong: a character was "
                 "misread or mistyped."),
    'date': _lt("%(element)s is not a date that exists."),
    'element': _lt("The code holds something that its issuer does not know: %(element)s"),
    'duplicate': _lt("%(element)s stands twice with different data."),
    'missing': _lt("The code is not complete: %(element)s is missing, or what belongs with it."),
    'conflict': _lt("%(element)s must not stand with another element of the code."),
    'ambiguous': _lt("The code can be read in two ways (%(element)s). Scan the symbol, or type it "
                     "another way."),
    'not_udi': _lt("This identifies something else than a device: %(element)s is no device "
                   "identifier."),
    'link': _lt("The two symbols are not of one label: the link character does not fit."),
}
WARNINGS = {
    'separator_lost': _lt("No separator ends %(element)s, and its end could be further data. Check "
                          "it against the label."),
    'brackets': _lt("%(element)s has brackets: its printed form cannot be typed back."),
    'dates_disagree': _lt("Two dates of the code that mean the same are different days: "
                          "%(element)s"),
}
LABELS = {
    'Device identifier (GTIN)': _lt("Device identifier (GTIN)"), 'Lot': _lt("Lot"),
    'Device identifier': _lt("Device identifier"), 'Manufactured': _lt("Manufactured"),
    'Due date': _lt("Due date"), 'Packed': _lt("Packed"), 'Best before': _lt("Best before"),
    'Sell by': _lt("Sell by"), 'Expiry': _lt("Expiry"), 'Product variant': _lt("Product variant"),
    'Serial': _lt("Serial"), 'Count of items': _lt("Count of items"),
    'Third party serial': _lt("Third party serial"),
    'Additional product identification': _lt("Additional product identification"),
    'Customer part number': _lt("Customer part number"),
    'Secondary serial': _lt("Secondary serial"),
    'Reference to source': _lt("Reference to source"),
    'Expiry with time': _lt("Expiry with time"),
    'Manufactured with time': _lt("Manufactured with time"),
    'Software version': _lt("Software version"), 'Basic UDI-DI (GMN)': _lt("Basic UDI-DI (GMN)"),
    'Master UDI-DI': _lt("Master UDI-DI"), 'Quantity': _lt("Quantity"),
    'Link character': _lt("Link character"), 'Donation': _lt("Donation"),
    'Compound message': _lt("Compound message"),
    'Device identifier (container)': _lt("Device identifier (container)"),
    'Lot (container)': _lt("Lot (container)"), 'Sterilisation lot': _lt("Sterilisation lot"),
    'Check characters': _lt("Check characters"),
}
"""Names of elements; an element that is not here bears its issuer's own title."""


class MedUdi(models.AbstractModel):
    """Unique device identifiers for other programs: read a code, write one. Nothing is stored."""

    _name = 'med.udi'
    _description = 'Unique Device Identifier'

    # ------------------------------------------------------------------ public

    @api.model
    @api.readonly
    def parse(self, code):
        """Read a UDI of GS1, HIBCC, ICCBBA or MA, as scanned or as typed from a label.

        :param str code: with or without symbology identifier; FNC1 as ``\\u241d`` (XML-RPC loses
            control characters) or ``\\u001d``; or the form with brackets
        :return: ``{"version", "issuer" (gs1, hibcc, iccbba, ma), "device_identifier", "lot",
            "serial", "donation", "software", "manufacturing_date", "expiration_date" (ISO, "" when
            absent), "elements": [{"key", "label", "text", "value"}], "warnings": [{"code",
            "element", "message", "hidden"}], "code" (canonical, for a machine), "hri" (for the
            label)}``; FNC1 in ``code`` is ``\\u241d``. A warning means: somebody should look;
            nothing was guessed.
        :raise UserError: it is no UDI, in one sentence that names the element
        """
        self._med_check_reader()
        return self._med_plain(self._med_parse(code))

    @api.model
    @api.readonly
    def build(self, issuer, elements):
        """Write a UDI from its elements, check digits and check characters verified or made.

        :param str issuer: ``gs1``, ``hibcc``, ``iccbba`` or ``ma``
        :param dict elements: key (as ``parse`` gives it) to text; a date may be ISO
        :return: ``{"version", "code" (FNC1 as ``\\u241d``), "hri"}``
        :raise UserError: the elements make no UDI, or one that would be read differently
        """
        self._med_check_reader()
        if not isinstance(issuer, str) or issuer not in ISSUERS:
            raise UserError(self.env._("issuer must be one of: %s.", ", ".join(ISSUERS)))
        if not isinstance(elements, dict) or not all(
                isinstance(part, str) for pair in elements.items() for part in pair):
            raise UserError(self.env._("elements must be texts by their keys."))
        today = fields.Date.context_today(self)
        try:
            code = build(issuer, elements, today=today)
            return {'version': VERSION, 'code': code.replace(FNC1, FNC1_PRINTED),
                    'hri': hri(issuer, elements, today=today)}
        except UdiError as error:
            raise UserError(self._med_error_text(error)) from None

    # ------------------------------------------------------------------ for other models

    @api.model
    def _med_parse(self, code):
        """Return the ``tools.udi.Udi`` of a code, by today and by the meaning set for MA's letters.

        :raise UserError: it is no UDI, in the user's language
        """
        if not isinstance(code, str):
            raise UserError(self.env._("code must be a text."))
        try:
            return parse(code.replace(FNC1_PRINTED, FNC1), today=fields.Date.context_today(self),
                         letters=self._med_letters())
        except UdiError as error:
            raise UserError(self._med_error_text(error)) from None

    @api.model
    def _med_letters(self):
        """Return what MA's letters mean here: JSON in ``med_traceability.ma_letters``, or None."""
        text = self.env['ir.config_parameter'].sudo().get_param('med_traceability.ma_letters')
        if not text:
            return None
        try:
            letters = json.loads(text)
        except JSONDecodeError:
            letters = None
        if not isinstance(letters, dict) or not set(letters.values()) <= set(ma.LETTERS.values()):
            raise UserError(self.env._(
                "The system parameter med_traceability.ma_letters must be JSON of letters to: %s.",
                ", ".join(sorted(set(ma.LETTERS.values())))))
        return letters

    @api.model
    def _med_word(self, text):
        """Return a text of the tables above, marked for translation there, in the user's words."""
        return self.env._(text)  # pylint: disable=gettext-variable

    @api.model
    def _med_error_text(self, error):
        """Return what a :class:`UdiError` says, in the user's language."""
        return self._med_word(SENTENCES[error.code]) % {
            'element': self._med_element_name(error.element)}

    @api.model
    def _med_warning_text(self, warning):
        """Return what a warning of a UDI says, in the user's language."""
        return self._med_word(WARNINGS[warning.code]) % {
            'element': self._med_element_name(warning.element)}

    @api.model
    def _med_element_name(self, key):
        if not key:
            return self.env._("The code")
        return f'({key})' if key.isdecimal() else key

    @api.model
    def _med_check_reader(self):
        """Raise unless the caller reads medical-device records: portal users reach this model."""
        self.env['med.genealogy.event'].check_access('read')

    @api.model
    def _med_plain(self, udi):
        def iso(value):
            return value.isoformat() if value else ''

        return {
            'version': VERSION, 'issuer': udi.issuer, 'device_identifier': udi.di, 'lot': udi.lot,
            'serial': udi.serial, 'donation': udi.donation, 'software': udi.software,
            'manufacturing_date': iso(udi.manufactured), 'expiration_date': iso(udi.expiry),
            'elements': [{
                'key': element.key, 'text': element.text,
                'label': self._med_word(LABELS[element.label]) if element.label in LABELS
                else element.label,
                'value': element.value if isinstance(element.value, str) else iso(element.value),
            } for element in udi.elements],
            'warnings': [{
                'code': warning.code, 'element': warning.element, 'hidden': list(warning.hidden),
                'message': self._med_warning_text(warning)} for warning in udi.warnings],
            'code': udi.code.replace(FNC1, FNC1_PRINTED), 'hri': udi.hri}
