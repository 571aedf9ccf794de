"""Files over HTTP, as all controllers of the house answer with them."""

from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request


def file_answer(make):
    """Return the response with a file, or the sentence that says why there is none.

    What the caller may not have is answered with 403, a bad argument with 400.

    :param make: returns ``(bytes, file name, content type)``; whatever has to be recorded of the
        file is recorded there
    """
    try:
        data, name, content_type = make()
    except (AccessError, UserError) as error:
        return request.make_response(
            str(error.args[0]), headers=[("Content-Type", "text/plain; charset=utf-8")],
            status=403 if isinstance(error, AccessError) else 400)
    return request.make_response(data, headers=[
        ("Content-Type", content_type), ("Content-Length", len(data)),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])
