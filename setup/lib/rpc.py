"""Odoo's two protocols for other programs, behind one method: ``call(model, method, …)``."""

import json
import urllib.error
import urllib.request
import xmlrpc.client


class RpcError(Exception):
    """A call that Odoo refused.

    :ivar kind: ``user`` (bad input, one sentence), ``access`` (no right), ``denied`` (no login) or
                ``other`` (anything else: a fault of the program called)
    """

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message


class JsonTwo:
    """JSON-2: ``POST /json/2/<model>/<method>`` with an API key."""

    KINDS = {"AccessError": "access", "AccessDenied": "denied", "UserError": "user",
             "ValidationError": "user", "MissingError": "user", "RedirectWarning": "user",
             "ReasonRequired": "user"}

    def __init__(self, url, database, api_key):
        self.url, self.database, self.api_key = url, database, api_key

    def call(self, model, method, record_ids=None, /, **arguments):
        """Call a method; returns plain JSON.

        :param record_ids: the records it is called on; None for a method of the model itself
        :raise RpcError:
        """
        body = arguments if record_ids is None else {"ids": record_ids, **arguments}
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}", json.dumps(body).encode(), {
                "Content-Type": "application/json", "X-Odoo-Database": self.database,
                "Authorization": f"bearer {self.api_key}"})
        try:
            with urllib.request.urlopen(request, timeout=600) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            try:
                told = json.loads(text)
                name, message = told["name"].rsplit(".", 1)[-1], told["message"]
            except (ValueError, KeyError, TypeError):
                name, message = "", text
            kind = "denied" if error.code == 401 else self.KINDS.get(name, "other")
            raise RpcError(kind, message) from None


class XmlRpc:
    """XML-RPC: ``/xmlrpc/2/object``, with the login and its password or API key."""

    KINDS = {2: "user", 3: "denied", 4: "access"}

    def __init__(self, url, database, uid, password):
        self.credentials = database, uid, password
        self.proxy = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object")

    def call(self, model, method, record_ids=None, /, **arguments):
        """Call a method; see :meth:`JsonTwo.call`."""
        positional = [] if record_ids is None else [record_ids]
        try:
            return self.proxy.execute_kw(*self.credentials, model, method, positional, arguments)
        except xmlrpc.client.Fault as fault:
            raise RpcError(self.KINDS.get(fault.faultCode, "other"), fault.faultString) from None


def person(told, login, url, database):
    """Return a client that speaks as a person of the demonstration, by login and password.

    :param told: what loading the demonstration company returned
    """
    [password] = [one["password"] for one in told["logins"] if one["login"] == login]
    uid = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common").authenticate(
        database, login, password, {})
    return XmlRpc(url, database, uid, password)
