"""What a processor answers to a notice of a change, from the fields of the page."""

from odoo.addons.med_outsourcing_portal.tools.form import LONG, FormError, text

ANSWERS = {"agreed": "agreed", "condition": "agreed", "refused": "refused"}
"""Choice on the page → agreement. A condition is an agreement with remarks."""


def read(form):
    """Return ``(agreement, note)``.

    :raise FormError: nothing is chosen (``missing``); a condition or a refusal without words
        (``missing``); words beside an agreement without a condition (``words``): which of the two
        is meant is not guessed
    """
    choice, note = text(form, "answer"), text(form, "note", LONG)
    if choice not in ANSWERS:
        raise FormError("answer", "missing")
    if choice == "agreed" and note:
        raise FormError("note", "words")
    if choice != "agreed" and not note:
        raise FormError("note", "missing")
    return ANSWERS[choice], note


def choice_of(agreement, note):
    """Return the choice on the page that an answer is.

    >>> choice_of("agreed", ""), choice_of("agreed", "From June"), choice_of("refused", "No")
    ('agreed', 'condition', 'refused')
    """
    return "condition" if agreement == "agreed" and (note or "").strip() else agreement
