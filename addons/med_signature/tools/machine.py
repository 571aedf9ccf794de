"""Declared state machines: which step may follow which, and who has to sign it.

Nothing here reads a database: the groups a person has, the people a record names and the
signatures given come in as arguments.
"""

from collections import Counter
from dataclasses import dataclass, replace


class MachineError(ValueError):
    """The declaration contradicts itself."""


@dataclass(frozen=True)
class Signer:
    """One signature that a transition asks for.

    :ivar meaning: code of a ``med.signature.meaning``, for example ``"approved"``
    :ivar groups: XML ids, one of which the signer must have; empty: anybody with the grant
    :ivar only: field with the one user who may sign; empty: anybody
    :ivar differs: whose signature it may not be: meanings signed before in the same round, and
        fields that name a user as ``"@create_uid"``. Two signers of one transition always differ.
    :ivar fixed: the members of ``differs`` that the law fixes; configuration cannot drop them
    :ivar grant: the right to sign must have been granted for this meaning. Only the steps by
        which such rights come about do without.
    """

    meaning: str
    groups: tuple[str, ...] = ()
    only: str = ""
    differs: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    grant: bool = True


@dataclass(frozen=True)
class Transition:
    """A step from some states to another.

    :ivar label: shown on the button and in the diagram
    :ivar signers: in the order in which they sign; empty: nobody signs
    :ivar ordered: whether that order is binding
    :ivar groups: XML ids, one of which the person must have when nobody signs
    :ivar required: fields that must hold something; ``"line_ids.decision"`` for every line, of
        which there must be one
    :ivar reason: a reason must be given
    :ivar content: the fields signed at this step; empty: those of the machine
    :ivar restart: begins a new round: signatures given before no longer count
    :ivar least: how many signatures configuration must leave
    :ivar beside: the second person may sign in the first one's session (双人复核)
    """

    name: str
    source: tuple[str, ...]
    target: str
    label: object
    signers: tuple[Signer, ...] = ()
    ordered: bool = True
    groups: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    reason: bool = False
    content: tuple[str, ...] = ()
    restart: bool = False
    least: int = 0
    beside: bool = False


@dataclass(frozen=True)
class Machine:
    """The steps of one model.

    :ivar field: the selection field that holds the state
    :ivar initial: the state of a new record
    :ivar content: signed fields; ``"line_ids.decision"`` reads lines
    :ivar locked: states in which signed content is not changed; in the others a change voids the
        signatures and opens the step again
    """

    initial: str
    transitions: tuple[Transition, ...]
    content: tuple[str, ...]
    field: str = "state"
    locked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """A signature of the present round: of which transition, place, meaning and person."""

    transition: str
    slot: int
    meaning: str
    person: int


def check(machine, states):
    """Raise MachineError when a declaration cannot work.

    :param states: every value of the state field
    """
    names = Counter(one.name for one in machine.transitions)
    if repeated := sorted(name for name, count in names.items() if count > 1):
        raise MachineError(f"declared twice: {', '.join(repeated)}")
    used = {machine.initial, *machine.locked}
    for one in machine.transitions:
        used |= {one.target, *one.source}
        if one.least > len(one.signers):
            raise MachineError(f"{one.name} has fewer signers than the least it must leave")
        for signer in one.signers:
            if not set(signer.fixed) <= set(signer.differs):
                raise MachineError(f"{one.name} fixes a difference that it does not ask for")
        if one.signers and not (one.content or machine.content):
            raise MachineError(f"{one.name} signs no content")
    if unknown := sorted(used - set(states)):
        raise MachineError(f"no such state: {', '.join(unknown)}")
    reached, grown = {machine.initial}, True
    while grown:
        further = {one.target for one in machine.transitions if reached & set(one.source)}
        grown = bool(further - reached)
        reached |= further
    if lost := sorted(set(states) - reached):
        raise MachineError(f"no way leads to: {', '.join(lost)}")


def configured(transition, signers, reason=False):
    """Return a transition with the signers of a stored rule, within what the law leaves free.

    :param signers: :class:`Signer` in order; one that the declaration has too (same meaning, in
        order of appearance) keeps its fixed differences, its ``only`` and its ``grant``
    :raise MachineError: fewer signers than must remain, or one with a fixed difference left out
    """
    if len(signers) < transition.least:
        raise MachineError(f"{transition.name} needs {transition.least} signatures at least")
    left, result = list(transition.signers), []
    for signer in signers:
        declared = next((one for one in left if one.meaning == signer.meaning), None)
        if declared:
            left.remove(declared)
            signer = replace(
                signer, only=declared.only, grant=declared.grant, fixed=declared.fixed,
                differs=tuple(dict.fromkeys((*declared.fixed, *signer.differs))),
                groups=signer.groups or declared.groups)
        result.append(signer)
    if fixed := [one.meaning for one in left if one.fixed]:
        raise MachineError(f"{transition.name} cannot do without {', '.join(fixed)}")
    return replace(transition, signers=tuple(result), reason=transition.reason or reason)


def open_slots(transition, given):
    """Return the places in ``transition.signers`` that may be signed now.

    :param given: iterable of :class:`Given` of the present round
    """
    done = {one.slot for one in given if one.transition == transition.name}
    left = [slot for slot in range(len(transition.signers)) if slot not in done]
    return left[:1] if transition.ordered else left


def clash(transition, slot, given, person, people):
    """Return what forbids a person to sign at a place, or None.

    :param person: id of the user
    :param people: field name → ids of the users it names, for every ``@field`` of the signer
    :return: ``"same"`` for a signature of this transition by the same person, else the member of
        ``differs`` that is hurt
    """
    given = list(given)
    if any(one.transition == transition.name and one.person == person for one in given):
        return "same"
    for other in transition.signers[slot].differs:
        if other.startswith("@"):
            if person in people.get(other[1:], ()):
                return other
        elif any(one.meaning == other and one.person == person for one in given):
            return other
    return None


def mermaid(machine, states, meanings, translate=str):
    """Return the declaration as a Mermaid state diagram.

    :param states: state → label
    :param meanings: code of a meaning → label
    :param translate: label of a transition → text
    """
    def arrow(one):
        signed = " + ".join(meanings.get(signer.meaning, signer.meaning) for signer in one.signers)
        return f"{translate(one.label)} ({signed})" if signed else translate(one.label)

    lines = ["stateDiagram-v2"]
    lines += [f'    state "{label}" as {state}' for state, label in states.items()]
    lines.append(f"    [*] --> {machine.initial}")
    lines += [f"    {source} --> {one.target}: {arrow(one)}"
              for one in machine.transitions for source in one.source]
    final = [state for state in states
             if not any(state in one.source for one in machine.transitions)]
    lines += [f"    {state} --> [*]" for state in final]
    return "\n".join(lines) + "\n"
