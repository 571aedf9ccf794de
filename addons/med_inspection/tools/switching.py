"""Normal, tightened, reduced, stopped: how severe the inspection of the next lot is.

One state per supplier, product and class of nonconformity, moved by each lot after the rules of
the edition the plan names (ISO 2859-1:1999, 9.3 and 9.4, GB/T 2828.1-2012 alike; MIL-STD-105E and
ANSI/ASQ Z1.4 where they differ). Nothing is read or stored here. Only lots on original inspection
count; what was counted under one severity is forgotten on entering another.
"""

from dataclasses import asdict, dataclass, replace

from .sampling import Plan

SEVERITIES = ('normal', 'tightened', 'reduced', 'stopped')


class SwitchError(ValueError):
    """A step that the rules do not allow, or data that do not fit together.

    :ivar code: ``standard``, ``plan``, ``found``, ``state``, ``severity``, ``not_normal``,
        ``not_earned``, ``not_steady``, ``not_approved``, ``not_stopped``, ``no_action``, ``reason``
    """

    def __init__(self, code, value=None):
        super().__init__(f'{code}: {value!r}')
        self.code = code
        self.value = value


@dataclass(frozen=True)
class Rules:
    """The numbers of one edition; made by :func:`rules`.

    :ivar tighten_not_accepted: so many lots not accepted among ``tighten_lots`` consecutive ones
        lead from normal to tightened
    :ivar relax_lots: so many accepted in a row lead from tightened to normal
    :ivar stop_lots: so many not accepted, cumulated while on tightened, stop acceptance
    :ivar reduce_score: switching score that earns reduced inspection; 0: the edition counts lots
    :ivar score_low: added for an accepted lot where Ac is 0 or 1
    :ivar score_high: added where Ac is 2 or more and the AQL one step tighter accepts as well
    :ivar reduce_lots: so many accepted in a row on normal earn reduced; 0: the edition scores
    :ivar limit_number: ``required``, ``optional`` or empty: whether the nonconforming units of
        those lots must not exceed a limit number (Table VIII of MIL-STD-105E)
    """

    standard: str
    tighten_not_accepted: int
    tighten_lots: int
    relax_lots: int
    stop_lots: int
    reduce_score: int = 0
    score_low: int = 0
    score_high: int = 0
    reduce_lots: int = 0
    limit_number: str = ''


@dataclass(frozen=True)
class State:
    """Where a series of lots stands; plain values, to be kept as JSON (:meth:`kept`).

    :ivar window: on normal, whether each of the latest lots was accepted (at most
        ``tighten_lots`` − 1, oldest first)
    :ivar score: on normal, the switching score
    :ivar recent: on normal, ``(units inspected, found)`` of the lots accepted in a row (at most
        ``reduce_lots``); kept only where the edition counts lots
    :ivar run: on tightened, lots accepted in a row
    :ivar failed: on tightened, lots not accepted so far
    """

    severity: str = 'normal'
    window: tuple[bool, ...] = ()
    score: int = 0
    recent: tuple[tuple[int, int], ...] = ()
    run: int = 0
    failed: int = 0

    def __post_init__(self):
        if self.severity not in SEVERITIES:
            raise SwitchError('state', self.severity)

    def kept(self):
        """Return the state as plain JSON types."""
        return asdict(self) | {'window': list(self.window),
                               'recent': [list(pair) for pair in self.recent]}

    @classmethod
    def read(cls, kept):
        """Return the State of what :meth:`kept` gave.

        :raise SwitchError: it is not such a dict
        """
        try:
            return cls(**{**kept, 'window': tuple(kept['window']),
                          'recent': tuple((size, found) for size, found in kept['recent'])})
        except (TypeError, KeyError, ValueError) as error:
            raise SwitchError('state', str(error)) from None


@dataclass(frozen=True)
class Lot:
    """The outcome of one lot for the class.

    :ivar Plan plan: an ``aql`` plan, as it was frozen on the inspection
    :ivar found: nonconforming units or nonconformities in the sample, as the plan's mode says
    :ivar stricter: Ac with the AQL one step tighter (:func:`.sampling.stricter_accept`), or None
    :ivar resubmitted: the lot was inspected before
    """

    plan: Plan
    found: int
    stricter: int | None = None
    resubmitted: bool = False


@dataclass(frozen=True)
class Step:
    """What a lot or a decision did.

    :ivar reason: ``counted`` (no switch), ``tightened``, ``relaxed``, ``stopped``, ``reduced``,
        ``reduced_failed``, ``reduced_gap``, ``directed``, ``resumed``; not counted:
        ``resubmitted``, ``other_severity``, ``already_stopped``
    :ivar counted: the lot is part of the series
    :ivar may_reduce: reduced inspection is earned and waits for steady production and approval
    :ivar detail: numbers and texts behind the reason, as ``(name, value)`` pairs
    """

    state: State
    reason: str
    counted: bool = True
    may_reduce: bool = False
    detail: tuple = ()


def rules(standard, entry):
    """Return the Rules of an entry of ``sampling_standards.json``.

    :raise SwitchError: a number is missing, or it says both or neither way to reduced inspection
    """
    try:
        found = Rules(standard, **entry['switching'])
    except (TypeError, KeyError) as error:
        raise SwitchError('standard', str(error)) from None
    if bool(found.reduce_score) == bool(found.reduce_lots):
        raise SwitchError('standard', standard)
    return found


def after(rules, state, lot, *, steady=False, approved=False, limits=None):
    """Return the Step a lot makes.

    - normal → tightened: 2 not accepted among 5 or fewer consecutive lots (ISO 9.3.1)
    - tightened → normal: 5 accepted in a row (9.3.2)
    - normal → reduced: earned (below), steady production and approval (9.3.3)
    - reduced → normal: a lot not accepted (9.3.4), or accepted in the gap Ac < d < Re
    - tightened → stopped: 5 not accepted, cumulated while on tightened (9.4)

    Reduced is earned in ISO by a score of 30, zero on entering normal: Ac of 2 or more: +3 if the
    lot would have been accepted with the AQL one step tighter; Ac of 0 or 1: +2 if accepted;
    otherwise the score returns to zero. In MIL-STD-105E and Z1.4 by the 10 preceding lots, all
    accepted on normal, with no more found in total than the limit number.

    A lot planned under another severity than the present one (they overlapped) does not count,
    except that any lot not accepted ends reduced inspection. A stopped series stays stopped.

    :param bool steady: production is at a steady rate
    :param bool approved: the responsible authority has approved reduced inspection
    :param limits: the limit numbers that the user entered, see :func:`limit_number`
    :raise SwitchError: the plan is no ``aql`` plan of this standard, or found is no count
    """
    _check(rules, lot)
    accepted = lot.plan.accepts(lot.found)
    if lot.resubmitted:
        return Step(state, 'resubmitted', counted=False)
    if state.severity == 'stopped':
        return Step(state, 'already_stopped', counted=False)
    if state.severity == 'reduced' and not accepted:
        return Step(State(), 'reduced_failed', detail=(('found', lot.found),))
    if lot.plan.severity != state.severity:
        return Step(state, 'other_severity', counted=False, detail=(
            ('lot', lot.plan.severity), ('state', state.severity)))
    if state.severity == 'tightened':
        return _on_tightened(rules, state, accepted)
    if state.severity == 'reduced':
        if lot.found > lot.plan.accept:
            return Step(State(), 'reduced_gap', detail=(('found', lot.found),))
        return Step(state, 'counted')
    step = _on_normal(rules, state, lot, accepted, limits)
    if step.may_reduce and steady is True and approved is True:
        return reduce(rules, step.state, steady=True, approved=True, aql=lot.plan.aql,
                      limits=limits)
    return step


def reduce(rules, state, *, steady, approved, aql, limits=None):
    """Return the Step to reduced inspection that the responsible authority takes.

    :param str aql: the AQL of the series
    :raise SwitchError: ``not_normal``, ``not_earned``, ``not_steady`` or ``not_approved``
    """
    if state.severity != 'normal':
        raise SwitchError('not_normal', state.severity)
    if not earned(rules, state, aql, limits):
        raise SwitchError('not_earned', state.score if rules.reduce_score else len(state.recent))
    if steady is not True:
        raise SwitchError('not_steady')
    if approved is not True:
        raise SwitchError('not_approved')
    return Step(State('reduced'), 'reduced', detail=(
        ('score', state.score),) if rules.reduce_score else (
        ('lots', len(state.recent)), ('found', sum(found for _size, found in state.recent))))


def earned(rules, state, aql, limits=None):
    """Return whether the lots so far earn reduced inspection, steadiness and approval aside."""
    if state.severity != 'normal':
        return False
    if rules.reduce_score:
        return state.score >= rules.reduce_score
    if len(state.recent) < rules.reduce_lots:
        return False
    if limits is None:
        return rules.limit_number != 'required'
    limit = limit_number(limits, aql, sum(size for size, _found in state.recent))
    return limit is not None and sum(found for _size, found in state.recent) <= limit


def limit_number(limits, aql, units):
    """Return the limit number for the units inspected in the latest lots, or None.

    The numbers themselves are the user's: Table VIII of MIL-STD-105E is not part of the product.

    :param limits: ``[{"from": 20, "to": 29, "limits": {"10": 0}}, …]``; ``to`` None: no end
    :return: None where the table has no number: then reduced inspection is not earned
    """
    return next((row['limits'].get(aql) for row in limits
                 if row['from'] <= units and (row['to'] is None or units <= row['to'])), None)


def direct(state, severity, reason):
    """Return the Step by which the responsible authority orders normal or tightened inspection.

    For example back from reduced because production became irregular or other conditions warrant
    it (ISO 9.3.4). Counting begins anew. Reduced inspection cannot be ordered, only earned, and a
    stopped series is taken up by :func:`resume` alone. What is so already is not ordered: the lots
    that count towards a stop would be forgotten.

    :param str reason: text, not blank
    :raise SwitchError: ``severity``, ``state``, ``already`` or ``reason``
    """
    if severity not in ('normal', 'tightened'):
        raise SwitchError('severity', severity)
    if state.severity == 'stopped':
        raise SwitchError('state', state.severity)
    if state.severity == severity:
        raise SwitchError('already', severity)
    return Step(State(severity), 'directed', counted=False, detail=(('reason', _text(reason)),))


def resume(state, action):
    """Return the Step from stopped to tightened, after the supplier's action (ISO 9.4).

    :param str action: what was agreed to be effective, for example the number of a CAPA
    :raise SwitchError: ``not_stopped`` or ``no_action``
    """
    if state.severity != 'stopped':
        raise SwitchError('not_stopped', state.severity)
    return Step(State('tightened'), 'resumed', counted=False,
                detail=(('action', _text(action, 'no_action')),))


def _text(value, code='reason'):
    if not isinstance(value, str) or not value.strip():
        raise SwitchError(code, value)
    return value.strip()


def _check(rules, lot):
    if lot.plan.kind != 'aql':
        raise SwitchError('plan', lot.plan.kind)
    if lot.plan.standard != rules.standard:
        raise SwitchError('standard', lot.plan.standard)
    if isinstance(lot.found, bool) or not isinstance(lot.found, int) or lot.found < 0:
        raise SwitchError('found', lot.found)


def _on_tightened(rules, state, accepted):
    if accepted:
        if state.run + 1 >= rules.relax_lots:
            return Step(State(), 'relaxed', detail=(('accepted', state.run + 1),))
        return Step(replace(state, run=state.run + 1), 'counted')
    failed = state.failed + 1
    if failed >= rules.stop_lots:
        return Step(State('stopped'), 'stopped', detail=(('not_accepted', failed),))
    return Step(replace(state, run=0, failed=failed), 'counted')


def _on_normal(rules, state, lot, accepted, limits):
    window = (*state.window, accepted)[-rules.tighten_lots:]
    if window.count(False) >= rules.tighten_not_accepted:
        return Step(State('tightened'), 'tightened', detail=(
            ('not_accepted', window.count(False)), ('lots', len(window))))
    if rules.reduce_score:
        state = replace(state, score=_score(rules, state, lot, accepted))
    else:
        state = replace(state, recent=(
            *state.recent, (lot.plan.sample_size, lot.found))[-rules.reduce_lots:]
            if accepted else ())
    state = replace(state, window=window[-(rules.tighten_lots - 1):])
    return Step(state, 'counted', may_reduce=earned(rules, state, lot.plan.aql, limits))


def _score(rules, state, lot, accepted):
    if not accepted:
        return 0
    if lot.plan.accept < 2:
        return state.score + rules.score_low
    if lot.stricter is not None and lot.found <= lot.stricter:
        return state.score + rules.score_high
    return 0
