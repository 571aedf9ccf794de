from odoo import models
from odoo.http import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from ..tools.xml_head import has_document_type
from .med_exchange_submit import MOST_BYTES

# Twice what a submission may have: up to here the answer says what is wrong, beyond it nothing is
# read. Odoo's own bound is 128 MB.
READ = 2 * MOST_BYTES


class IrHttp(models.AbstractModel):
    """Calls that would only cost memory are refused before they are read."""

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        super()._pre_dispatch(rule, args)
        if request.dispatcher.routing_type == "json2":
            if (args.get("__model__"), args.get("__method__")) == ("med.exchange", "submit"):
                cls._med_exchange_bound(request.httprequest)
                cls._med_exchange_nested()
        elif request.httprequest.path.startswith("/xmlrpc/"):
            cls._med_exchange_bare_xml(request.httprequest)

    @classmethod
    def _med_exchange_bound(cls, httprequest):
        """Refuse a submission that is too large by far, and keep that it was here."""
        size = httprequest.content_length or 0
        if size > READ:
            raise RequestEntityTooLarge(request.env["med.exchange"]._med_unread(size))
        httprequest.max_content_length = min(httprequest.max_content_length or READ, READ)

    @classmethod
    def _med_exchange_nested(cls):
        """Refuse a submission that no parser goes down into, and keep that it was here.

        It is the sender's fault: an answer of 5xx would have it sent again and again. What does
        not say its length Odoo does not read, and neither do we.
        """
        if not request.httprequest.content_length:
            return
        try:
            data = request.get_json_data()
        except RecursionError as error:
            raise BadRequest(request.env["med.exchange"]._med_unreadable()) from error
        except ValueError as error:
            if "digits" in str(error):  # Python reads no number of more than 4,300
                raise BadRequest(request.env["med.exchange"]._med_unreadable()) from error
            return  # no JSON: Odoo says so
        request.get_json_data = lambda: data  # read once

    @classmethod
    def _med_exchange_bare_xml(cls, httprequest):
        """Refuse XML-RPC with a document type, and submissions that are too large by far.

        No XML-RPC has a document type; entities made there grow a thousandfold when they are used.
        """
        data = httprequest.get_data()
        if has_document_type(data):
            raise BadRequest(request.env._("XML-RPC has no document type (<!DOCTYPE …>)."))
        if len(data) > READ and cls._med_audit_xmlrpc_call() == "med.exchange.submit":
            raise RequestEntityTooLarge(request.env["med.exchange"]._med_too_large(len(data)))
