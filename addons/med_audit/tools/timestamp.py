"""RFC 3161 time stamps of checkpoints: the request, and whether an answer is good.

What is stamped is the SHA-256 of a signed note.
"""

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)


class StampError(Exception):
    """An answer that proves nothing."""


def request(note):
    """Return the request for a note, with a fresh nonce; ``as_bytes()`` is what is sent."""
    return TimestampRequestBuilder().data(note.encode()).hash_algorithm(
        HashAlgorithm.SHA256).nonce(nonce=True).cert_request(cert_request=True).build()


def verify(answer, note, roots, asked=None):
    """Return when a note was stamped, as a datetime in UTC.

    :param answer: DER bytes of the authority's response
    :param roots: PEM text of the root certificates one trusts, intermediate ones too
    :param asked: the request, whose nonce the answer must carry
    :raise StampError: the answer is not a stamp of this note by an authority under the roots
    """
    try:
        response = decode_timestamp_response(answer)
        builder = VerifierBuilder.from_request(asked) if asked else VerifierBuilder()
        for certificate in x509.load_pem_x509_certificates(roots.encode()):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(response, note.encode())
        return response.tst_info.gen_time
    except (ValueError, VerificationError) as error:
        raise StampError(f"the time stamp is not good: {error}") from None
