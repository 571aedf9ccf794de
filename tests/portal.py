"""A person at a browser, for black-box tests: cookies, forms with their tokens, pages."""

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request


class Browser:
    """One session; keeps cookies and follows redirections.

    :ivar status: of the last answer
    :ivar address: where the last answer came from, without the server
    """

    def __init__(self, url):
        self.url, self.status, self.address = url, 0, ""
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, path, data=None):
        """Return the text of a page; ``data`` is sent as a form is."""
        body = None if data is None else urllib.parse.urlencode(data).encode()
        request = urllib.request.Request(self.url + path, body, {"Referer": self.url + path})
        try:
            with self.opener.open(request, timeout=120) as answer:
                return self._read(answer)
        except urllib.error.HTTPError as error:
            return self._read(error)

    def _read(self, answer):
        self.status = answer.status
        self.address = answer.url.removeprefix(self.url)
        return answer.read().decode()

    def send(self, path, **typed):
        """Open a page, fill in its form and send it; return the page that follows."""
        page = self.open(path)
        assert self.status == 200, (path, self.status, page[:500])
        return self.open(path, {**form_of(page), **typed})

    def sign_in(self, login, password):
        """Sign in by the form, as a person does."""
        self.send("/web/login", login=login, password=password)
        assert self.address.startswith("/my"), self.address


def form_of(page):
    """Return what the last form of a page sends when nothing is typed: its fields' values."""
    found = {}
    for form in re.findall(r"<form\b.*?</form>", page, re.S):
        if 'method="post"' not in form.split(">", 1)[0]:
            continue
        for tag in re.findall(r"<input\b[^>]*>", form):
            name, kind = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "type"))
            value = re.search(r'\bvalue="([^"]*)"', tag)
            if name and (not kind or kind[1] not in ("checkbox", "radio", "file", "submit")):
                found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def text_of(page):
    """Return what a page says, in one line, without its marks."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    page = re.sub(r"</?(span|strong|b|i|a)\b[^>]*>", "", page)  # these part no words
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
