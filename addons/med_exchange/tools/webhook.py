"""Headers of a request by the Standard Webhooks specification (standardwebhooks.com, 1.0.0)."""

from hashlib import sha256

from . import signing

SIGNS = {signing.HMAC: "v1", signing.ED25519: "v1a"}


def request_id(message_ids):
    """Return the id of a request: the same for the same messages, however often it is sent."""
    return f"msg_{sha256(' '.join(message_ids).encode()).hexdigest()[:32]}"


def headers(number, timestamp, body, algorithm="", secret=""):
    """Return the headers that let a receiver check who sent a body, and when.

    :param number: of the request
    :param timestamp: seconds since 1970
    :param algorithm: empty: not signed
    """
    told = {"webhook-id": number, "webhook-timestamp": str(timestamp)}
    if algorithm:
        data = b".".join((number.encode(), str(timestamp).encode(), body))
        told["webhook-signature"] = f"{SIGNS[algorithm]},{signing.sign(algorithm, secret, data)}"
    return told
