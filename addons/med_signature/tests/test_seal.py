import os
import re
import subprocess
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from odoo.addons.med_base.tests.common import MedFactory
from odoo.exceptions import UserError
from odoo.tests.common import TransactionCase, tagged

NAME = "示例医疗器械有限公司"


def key_store(days):
    """Return a PKCS#12 store whose certificate ends after so many days."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256()))
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate, None, BestAvailableEncryption(b"secret"))


@tagged("post_install", "-at_install")
class TestSeal(MedFactory, TransactionCase):
    """A document sealed with the organisation's certificate (PAdES), read by openssl."""

    requirement = "P11-10c P11-70 DI-O"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.store = Path(folder.name) / f"{cls.env.company.id}.p12"
        cls.store.write_bytes(key_store(days=30))
        cls.store.with_suffix(".pass").write_text("secret\n")
        cls.startClassPatcher(patch.dict(os.environ, MED_SEAL_DIR=folder.name))
        cls.env.company.med_seal = "certificate"
        cls.view = cls.env["ir.ui.view"].create({
            "type": "qweb", "key": "med_signature.test_page", "arch":
            '<html lang="en"><head><title>Page</title></head><body>Page 一</body></html>'})

    def document(self):
        return self.env["med.document"]._render_pdf(self.view.id, {})

    def verified(self, pdf):
        """Return what openssl says of the seal of a PDF, and the bytes it covers."""
        start, before, after, rest = map(int, re.search(
            rb"/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)\]", pdf).groups())
        covered = pdf[start:start + before] + pdf[after:after + rest]
        cms = bytes.fromhex(pdf[before + 1:after - 1].decode())
        with tempfile.TemporaryDirectory() as folder:
            content, signature = Path(folder) / "content", Path(folder) / "cms"
            content.write_bytes(covered)
            signature.write_bytes(cms)
            done = subprocess.run(
                ["openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in",
                 signature, "-content", content, "-out", os.devnull],
                capture_output=True, text=True, check=False)
        return done.returncode == 0, before + rest + (after - before) == len(pdf)

    def test_a_document_is_sealed_as_a_whole_and_an_altered_byte_shows(self):
        pdf = self.document()
        self.assertIn(b"ETSI.CAdES.detached", pdf)
        self.assertEqual(self.verified(pdf), (True, True))
        place = pdf.index(b"/Title")
        altered = pdf[:place] + b"/Fitle" + pdf[place + 6:]
        self.assertEqual(self.verified(altered)[0], False)

    def test_without_the_setting_it_is_not_sealed(self):
        self.env.company.med_seal = False
        self.assertNotIn(b"ETSI.CAdES.detached", self.document())

    def test_what_cannot_be_sealed_is_not_given_out(self):
        for why, change in (
                ("Invalid password", lambda: self.store.with_suffix(".pass").write_text("x")),
                ("valid from", lambda: self.store.write_bytes(key_store(days=-1))),
                ("cannot be read", lambda: self.store.write_bytes(b"nothing")),
                ("No such file", self.store.unlink)):
            kept = self.store.read_bytes(), self.store.with_suffix(".pass").read_text()
            change()
            with self.subTest(why), self.assertRaisesRegex(UserError, why):
                self.document()
            self.store.write_bytes(kept[0])
            self.store.with_suffix(".pass").write_text(kept[1])

    def test_settings_say_which_certificate_seals_or_why_none(self):
        settings = self.env["res.config.settings"].create({})
        self.assertIn(NAME, settings.med_seal_state)
        self.store.with_suffix(".pass").write_text("x")
        self.addCleanup(self.store.with_suffix(".pass").write_text, "secret\n")
        settings = self.env["res.config.settings"].create({})
        self.assertIn("Cannot seal", settings.med_seal_state)

    def test_an_addon_of_a_certificate_authority_seals_its_own_way(self):
        def by_authority(_self, pdf, company):
            return pdf + f"%{company.id}".encode()

        with patch.object(type(self.env["med.pdf.seal"]), "_seal_by_certificate", by_authority):
            self.assertTrue(self.document().endswith(f"%{self.env.company.id}".encode()))
