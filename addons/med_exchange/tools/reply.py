"""What the answer of a partner's server means for the messages that were sent to it."""

import json
from dataclasses import dataclass, field

from .words import Sentence, _lt, plain

TAKEN = ("accepted", "duplicate", "waiting", "conflict", "queued")
# Queued: somebody between us has it; the partner has said nothing of it.
# Of the request, not of who may call or of where: the messages themselves are not wanted.
PERMANENT = (400, 406, 409, 413, 415, 422)
BLAMES = (500, *PERMANENT)
LARGEST = 2**31 - 1  # number of a message

# What transports of other addons say, here because a template is translated where it stands.
NO_QUEUE = _lt("The broker has no queue for “%s”.")
NOT_TAKEN = _lt("The broker did not take the message.")
NOT_REACHED = _lt("The broker cannot be reached: %s")


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP, or why there is none.

    :ivar status: 0 when there is no answer
    :ivar body: at most as many bytes as were allowed
    :ivar error: a sentence when there is no whole answer
    :ivar retry_after: seconds the other side asks to wait
    :ivar at: when it was whole here, seconds since 1970; 0: not noted
    """

    status: int = 0
    body: bytes = b""
    error: str = ""
    retry_after: int = 0
    at: float = 0.0

    @property
    def contact(self):
        """Whether the other side answered at all."""
        return bool(self.status)


@dataclass(frozen=True)
class Result:
    """What became of the messages of one request.

    :ivar failure: a sentence when none of them was taken, else ""
    :ivar taken: ids that arrived
    :ivar refused: ids that the partner will never take
    :ivar missing: numbers that it asks for
    :ivar outcomes, answers, errors: by message id: one word, the answer as JSON, a sentence
    :ivar blames_message: the failure may lie in a message, not in the way there
    :ivar permanent: to try again is of no use
    :ivar gone: the partner wants no more messages here (HTTP 410)
    :ivar at: of the reply
    """

    failure: str = ""
    taken: tuple = ()
    refused: tuple = ()
    missing: tuple = ()
    outcomes: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    blames_message: bool = False
    permanent: bool = False
    gone: bool = False
    retry_after: int = 0
    at: float = 0.0


def read_reply(reply, ids):
    """Return the :class:`Result` of a :class:`Reply` for the messages with these ids.

    Any 2xx means taken. Where its body holds answers of our form, each message has its own.
    """
    if reply.error or not 200 <= reply.status < 300:
        return _failure(reply)
    answers = _answers(reply.body)
    if answers is None:
        return Result(taken=tuple(ids), at=reply.at)
    outcomes, texts, errors, missing = {}, {}, {}, set()
    for answer in answers:
        number = answer.get("id")
        if number not in ids or number in outcomes:
            continue
        outcomes[number] = clean(answer.get("outcome"), 40)
        texts[number] = _text(answer)
        errors[number] = _sentence(answer.get("errors"))
        missing |= {one for one in _list(answer.get("missing")) if type(one) is int
                    and 0 < one <= LARGEST}
    return Result(
        taken=tuple(one for one in ids if outcomes.get(one) in TAKEN),
        refused=tuple(one for one in ids if outcomes.get(one) == "rejected"),
        missing=tuple(sorted(missing)), outcomes=outcomes, answers=texts, errors=errors,
        at=reply.at)


def _failure(reply):
    said = clean(reply.body[:300].decode("utf-8", "replace"), 300).strip().replace("\n", " ")
    if reply.error:  # one that carries its template is said in another language later
        text = reply.error if isinstance(reply.error, Sentence) else clean(reply.error, 500)
    elif 300 <= reply.status < 400:
        text = plain(_lt("HTTP %(status)s: the address sends us on to another one, which we do "
                         "not follow."), status=reply.status)
    else:
        text = f"HTTP {reply.status}: {said}" if said else f"HTTP {reply.status}"
    return Result(
        failure=text, blames_message=not reply.error and reply.status in BLAMES,
        permanent=not reply.error and reply.status in PERMANENT,
        gone=not reply.error and reply.status == 410, retry_after=reply.retry_after)


def _answers(body):
    """Return the answers in a body, or None when it holds none of our form."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict):
        data = data.get("answers")
    if not isinstance(data, list) or not data:
        return None
    if not all(isinstance(one, dict) and "id" in one and "outcome" in one for one in data):
        return None
    return [one for one in data if isinstance(one["id"], str)]


def _sentence(errors):
    told = [f"{clean(one.get('pointer'), 500)}: {clean(one.get('message'), 500)}"
            for one in _list(errors)[:50] if isinstance(one, dict)]
    return "; ".join(told)[:500]


def clean(value, most):
    """Return a text as a database can keep it, cut; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    return value[:most].replace("\0", "").encode("utf-8", "replace").decode()


def _text(answer):
    try:
        return clean(json.dumps(answer, ensure_ascii=False, sort_keys=True), 20_000)
    except (ValueError, RecursionError):
        return ""


def _list(value):
    return value if isinstance(value, list) else []
