from xml.etree import ElementTree

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request
from werkzeug.exceptions import Unauthorized

from . import person

HEAD = 4096  # bytes of an XML-RPC call in which its model and method stand


class IrHttp(models.AbstractModel):
    """The person behind each request is made known to the audit trail."""

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        who = person.of_request(request.env, **cls._med_audit_call())
        with person.acting(request.env.cr, who):
            return super()._dispatch(endpoint)

    @classmethod
    def _med_audit_call(cls):
        """Return what is called, as ``{"origin": …, "what": …}``."""
        params = request.params
        if request.dispatcher.routing_type == "json2" and "__model__" in params:
            return {"origin": "json2", "what": f"{params['__model__']}.{params['__method__']}"}
        path = request.httprequest.path
        if path.startswith("/queue_job/") and "queue.job" in request.env:
            return cls._med_audit_job(request.env, params.get("job_uuid", ""))
        if path == "/jsonrpc":
            args = params.get("args") or []
            return {"origin": "rpc", "what": ".".join(map(str, args[3:5]))}
        if path.startswith("/xmlrpc/"):
            return {"origin": "rpc", "what": cls._med_audit_xmlrpc_call()}
        if path.startswith("/web/dataset/call_") and "model" in params:
            return {"origin": "web", "what": f"{params['model']}.{params.get('method', '')}"}
        return {"origin": "web", "what": path}

    @classmethod
    def _med_audit_job(cls, env, uuid):
        """Return what a job of queue_job calls, and the user who put it there."""
        env.cr.execute("""
            SELECT j.model_name || '.' || j.method_name, u.id, u.login
              FROM queue_job j JOIN res_users u ON u.id = j.user_id WHERE j.uuid = %s""", [uuid])
        what, uid, login = env.cr.fetchone() or ("", None, "")
        return {"origin": "job", "what": what, "uid": uid, "login": login}

    @classmethod
    def _med_audit_xmlrpc_call(cls):
        """Return ``model.method`` of ``execute_kw(db, uid, password, model, method, …)``."""
        parser = ElementTree.XMLPullParser(["end"])
        parser.feed(request.httprequest.get_data()[:HEAD])
        values = []
        try:
            for _event, node in parser.read_events():
                if node.tag == "value":
                    values.append("".join(node.itertext()).strip())
                if len(values) == 5:
                    break
        except ElementTree.ParseError:
            return ""
        return ".".join(values[3:5])

    @classmethod
    def _auth_method_bearer(cls):
        try:
            super()._auth_method_bearer()
        except (AccessDenied, Unauthorized):
            who = person.of_request(request.env, origin="json2", what=request.httprequest.path)
            with person.acting(request.env.cr, who):
                request.env["med.audit.entry"]._record_event(
                    "sign_in_refused", payload={"key": cls._med_audit_key_index()},
                    own_cursor=True,
                )
            raise
        request.med_audit_key = person.key_name(request.env, cls._med_audit_key_index())

    @classmethod
    def _med_audit_key_index(cls):
        """Return the public first characters of the bearer's key."""
        return request.httprequest.headers.get("Authorization", "")[7:].strip()[:8]
