"""What the pages share: who is there, what is his, and how times and numbers are written."""

from datetime import timezone

import pytz
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from odoo.tools.misc import format_datetime
from werkzeug.exceptions import NotFound

from ..tools import upload
from ..tools.form import text

ROOT = "/my/processor"


def processors():
    """Return the processors of the person signed in.

    :raise NotFound: there are none: whoever is no processor learns nothing of these pages
    """
    found = request.env["med.processor"]._med_of_user(request.env.user)
    if not found:
        raise NotFound()
    return found


def own(model, number):
    """Return a record that the person signed in may see, as superuser, in its company.

    :raise NotFound: it is not his, not told yet, or not there; which one is not said
    """
    mine = processors()
    records = request.env[model].sudo()
    found = records.search(records._med_portal_domain(mine) & Domain("id", "=", number))
    if not found:
        raise NotFound()
    return found.with_company(found.company_id)


def own_order(number):
    """Return an order of the person signed in: see :func:`own`."""
    return own("med.outsourcing.order", number)


def in_words(search, *names):
    """Return the domain of what says these words in one of the fields."""
    words = text({"search": search}, "search", 100)
    return Domain.OR(Domain(name, "ilike", words) for name in names) if words else Domain.TRUE


def zone_of(company):
    """Return the time zone in which the person signed in reads and types times."""
    name = request.env.user.tz or company.partner_id.tz or "UTC"
    return pytz.timezone(name if name in pytz.all_timezones_set else "UTC")


def typed(moment, company):
    """Return a naive UTC time as a field ``datetime-local`` wants it."""
    local = moment.replace(microsecond=0, tzinfo=timezone.utc).astimezone(zone_of(company))
    return local.strftime("%Y-%m-%dT%H:%M:%S")


def shown(moment, company):
    """Return a naive UTC time as the person signed in reads it."""
    return format_datetime(
        request.env, moment, tz=zone_of(company).zone, dt_format="medium") if moment else ""


def amount(value):
    """Return a number without zeros that say nothing, to be typed over.

    >>> amount(10.0), amount(0.25), amount(1e-7)
    ('10', '0.25', '0.0000001')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "" if value in (None, False) else str(value)
    written = f"{value:.9f}".rstrip("0").rstrip(".")
    return written or "0"


def back(order, *rest):
    """Return the address of an order's page."""
    return "/".join((ROOT, "orders", str(order.id), *rest))


def granted(order):
    """Return the deviations that are granted for an order, as options of a page."""
    _ = request.env._
    found = order._med_portal_deviations()
    return [("", _("None: to revision %s, as ordered", order.revision)), *(
        (one.name, " · ".join(filter(None, (
            one.name, one.requirement, one.date_to and _(
                "until %s", shown(one.date_to, order.company_id))))))
        for one in found)] if found else []


def sent_files():
    """Return the files sent, as ``(name, content, media type)``.

    :raise UserError: one is not taken
    """
    _ = request.env._
    sent = [one for one in request.httprequest.files.getlist("files") if one.filename]
    if len(sent) > upload.MOST_FILES:
        raise UserError(_("At most %s files at a time.", upload.MOST_FILES))
    files = []
    for one in sent:
        content = one.read(upload.MOST_BYTES + 1)
        name = upload.clean_name(one.filename)
        why = upload.why_not(one.filename, content)
        if why:
            raise UserError({
                "empty": _("%s is empty. Choose the files again.", name),
                "large": _("%(name)s has more than %(size)s MB. Choose the files again.",
                           name=name, size=upload.MOST_BYTES // 1024 // 1024),
                "type": _("%(name)s is not taken: only PDF, pictures (PNG, JPEG), Excel, Word "
                          "and text (CSV, TXT), each with what its name says. Choose the "
                          "files again.", name=name),
            }[why])
        files.append((name, content, upload.type_of(name, content)))
    if files:
        request.env["med.outsourcing.order"]._med_portal_weigh(
            sum(len(content) for _name, content, _media in files))
    return files


def saved_file(found):
    """Return the response with an attachment, to be saved, never shown inside our own pages.

    :raise NotFound: there is none
    """
    if not found:
        raise NotFound()
    return request.make_response(found.raw, [
        ("Content-Type", found.mimetype or "application/octet-stream"),
        ("Content-Disposition", content_disposition(found.name)),
        ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "private, no-store"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ])


def sentence(code):
    """Return what is wrong with a field, in words."""
    _ = request.env._
    return {
        "number": _("Write a number like 12 or 0.5."),
        "time": _("Write a time like 2026-03-31 14:05."),
        "missing": _("Please fill this in."),
        "product": _("Choose what was used."),
        "outcome": _("Choose what became of it."),
    }[code]
