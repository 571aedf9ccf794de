"""CN-RC-5: a mail that was refused for good is told from one that is tried again."""

import pytest
from odoo.addons.med_recall_notice.tools.smtp import codes, is_refused


@pytest.mark.parametrize("text", [
    "SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 no such user')}",
    "SMTPDataError: (554, b'spam')", "550 no such user", "said:\n552-too big\n552 really"])
def test_a_refusal_for_good_is_seen(text):
    assert is_refused(text)


@pytest.mark.parametrize("text", [
    "", None, "[Errno 111] Connection refused", "cannot connect to 127.0.0.1:587",
    "server smtp.example.com port 525 is down", "host 10.0.0.1 ('10.0.0.1', 587) timed out",
    "SMTPRecipientsRefused: {'a@b.example': (450, b'greylisted')}", "421 4.3.2 going down",
    "(535, b'5.7.8 authentication failed')"])
def test_what_may_pass_is_tried_again(text):
    assert not is_refused(text)


def test_codes_are_read_as_python_and_servers_write_them():
    assert codes("{'a': (550, b'x'), 'b': (250, 'y')}\n451 later") == [550, 250, 451]
