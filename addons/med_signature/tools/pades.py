"""Seals a PDF with an organisation's certificate: PAdES baseline B (ETSI EN 319 142-1).

The seal is a certification signature that allows no later change. pyHanko writes it as an
incremental update, so that the bytes before it stay what they were.
"""

import io
from dataclasses import dataclass
from datetime import datetime, timezone

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID


class SealError(Exception):
    """The file could not be sealed; the message says why, and is no whole sentence."""


@dataclass(frozen=True)
class Certificate:
    """What a person wants to know of the certificate that seals."""

    name: str
    valid_until: datetime


def read(path, passphrase):
    """Return the certificate of a key store.

    :param path: of a PKCS#12 file, with the private key
    :param bytes passphrase: of the store
    :raises SealError: it is none, the passphrase is wrong, or it is not valid now
    """
    try:
        key, certificate, _chain = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase)
    except OSError as error:
        raise SealError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise SealError(f"the key store cannot be read: {error}") from error
    if key is None or certificate is None:
        raise SealError("the key store holds no private key with its certificate")
    now = datetime.now(timezone.utc)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SealError(
            f"the certificate is valid from {certificate.not_valid_before_utc:%Y-%m-%d} "
            f"to {certificate.not_valid_after_utc:%Y-%m-%d}")
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        names[0].value if names else certificate.subject.rfc4514_string(),
        certificate.not_valid_after_utc)


def seal(pdf, path, passphrase):
    """Return the bytes of a PDF with a seal.

    :raises SealError: pyHanko is missing, or as :func:`read`
    """
    read(path, passphrase)
    try:
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
    except ImportError as error:
        raise SealError("the Python package pyHanko is not installed") from error
    signer = signers.SimpleSigner.load_pkcs12(path, passphrase=passphrase)
    return signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name="Seal", md_algorithm="sha256", certify=True,
            subfilter=fields.SigSeedSubFilter.PADES,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES),
        signer=signer).getvalue()
