import json
import logging
from dataclasses import replace

import psycopg2
from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import Problem, Refused
from ..tools.words import Sentence

_logger = logging.getLogger(__name__)


class _NotRefused(Exception):
    """What was refused is not refused when it is tried again: taken back, too."""


class MedExchangeMessage(models.Model):
    """In which language a refusal is said: to its sender in his, to our people in theirs.

    What a message changes is written in no language, since it would be written as a translation.
    So a sentence that is made on the way is English. Those of the rules carry their template, and
    are said in any language; of those that a handler raised, the attempt is made again in each
    language, and taken back.
    """

    _inherit = "med.exchange.message"

    @api.model
    def _put_in_words(self, partner, done):
        """Say what is wrong with messages in the languages in which it will be read."""
        done = [one for one in done if one.problems]
        langs = partner._med_langs() if done else ()
        for one in done:
            one.problems = [
                problem if problem.told else self._in_langs(problem, langs)
                for problem in one.problems]

    @api.model
    def _in_langs(self, problem, langs):
        words = {lang: problem.words.get(lang) or self._in_lang(problem.message, lang)
                 for lang in langs}
        return replace(problem, words=words, told=words[langs[0]])

    @api.model
    def _in_lang(self, text, lang):
        """Return a sentence in a language; what has no template stays as it is."""
        if not isinstance(text, Sentence):
            return text
        values = text.values
        if isinstance(values, dict):
            values = {name: self._in_lang(value, lang) for name, value in values.items()}
            return self.with_context(lang=lang).env._(  # pylint: disable=gettext-variable
                text.template, **values)
        return self.with_context(lang=lang).env._(  # pylint: disable=gettext-variable
            text.template, *values)

    @api.model
    def _said(self, problem, lang):
        """Return the sentence of a problem in a language, where it can be said in it."""
        return problem.words.get(lang) or self._in_lang(problem.message, lang)

    @api.model
    def _notes_in_words(self, partner, done):
        """Return ``{Coming: {language: note}}`` of those of which something is said though they
        were taken; the first language is the sender's."""
        done = [one for one in done if one.notes]
        langs = partner._med_langs() if done else ()
        return {one: {lang: " ".join(
            f"{note.pointer}: {self._said(note, lang)}" if note.pointer else self._said(note, lang)
            for note in one.notes) for lang in langs} for one in done}

    # ------------------------------------------------------------------ made again

    def _take_back_in_words(self, anyway, langs):
        """Take this message back; return ``{language: sentence}`` of what was undone.

        What is written is written in no language, as ever: the sentence in each is found by an
        attempt that is taken back.

        :param langs: the first is that of its sender, who is told by it
        :raise Refused: as :meth:`_take_back`
        """
        if self.state == "undone":
            return {lang: self.with_context(lang=lang)._take_back(anyway) for lang in langs}
        words = {}
        for lang in langs:
            if lang == "en_US":
                continue
            try:
                with self.env.cr.savepoint():
                    words[lang] = self.with_context(lang=lang)._take_back(anyway)
                    raise _NotRefused
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                raise  # begun anew as a whole: another transaction was in the way
            except _NotRefused:
                continue
            except Exception as fault:  # if it hinders the deed itself, that says so below
                _logger.debug("exchange: what was undone is not said in %s: %s", lang, fault)
                break
        english = self._take_back(anyway)
        words = {lang: words.get(lang, english) for lang in langs}
        self._mark([("undone", words[langs[0]])], words)
        return words

    @api.model
    def _in_words(self, partner, error, attempt, langs=()):
        """Return ``{language: sentence}`` of why something was refused, by trying it again.

        :param error: what the first attempt raised, in English; it is taken back
        :param attempt: tries again, with its records in the language that it is given
        :param langs: the languages; none: those of the partner
        """
        words = {}
        if not isinstance(error, Refused | UserError):
            return words
        for lang in langs or partner._med_langs():
            if lang == "en_US":
                continue
            try:
                with self.env.cr.savepoint():
                    attempt(lang)
                    raise _NotRefused
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                raise  # begun anew as a whole: another transaction was in the way
            except (Refused, UserError) as again:
                if pointer_of(again) == pointer_of(error):
                    words[lang] = reason_of(again)
            except _NotRefused:
                continue  # what was said first holds
            except Exception as fault:  # of the wording alone: the message is refused either way
                _logger.info("exchange: a refusal is not said in %s: %s", lang, fault)
        return words

    @api.model
    def _checked_in_words(self, partner, handler, payload):
        """Return what a handler finds wrong with a payload: list of Problem."""
        found = handler._med_check(partner, payload)
        if not found:
            return []
        words = [{} for _one in found]
        for lang in partner._med_langs():
            if lang == "en_US":
                continue
            again = handler.with_context(lang=lang)._med_check(partner, payload)
            if [pointer for pointer, _text in again] == [pointer for pointer, _text in found]:
                for row, (_pointer, text) in zip(words, again, strict=True):
                    row[lang] = text
        return [Problem(pointer, text, row)
                for (pointer, text), row in zip(found, words, strict=True)]

    # ------------------------------------------------------------------ kept and read

    @api.depends_context("lang")
    @api.depends("note", "note_words")
    def _compute_note_shown(self):
        for message in self:
            words = json.loads(message.note_words or "{}")
            message.note_shown = next(
                (words[lang] for lang in message._reader_langs() if lang in words), message.note)

    def _reader_langs(self):
        """Return the languages in which who reads this message here is told of it, his first."""
        return (self.env.lang or "en_US", self.company_id.sudo().partner_id.lang, "en_US")

    @api.model
    def _problem_rows(self, one):
        """Return what is kept of the problems of a Coming."""
        return [{"pointer": problem.pointer, "message": problem.told or problem.message,
                 **({"words": problem.words} if len(problem.words) > 1 else {})}
                for problem in one.problems]

    def _problems(self):
        """Return ``[{"pointer", "message"}]`` for who reads it here: in his language where it was
        said in it, else in our company's, else in English."""
        langs, found = self._reader_langs(), []
        for one in json.loads(self.problems or "[]"):
            words = one.get("words", {})
            found.append({"pointer": one["pointer"], "message": next(
                (words[lang] for lang in langs if lang in words), one["message"])})
        return found

    def _problems_told(self):
        """Return ``[{"pointer", "message"}]`` as the sender was told."""
        return [{"pointer": one["pointer"], "message": one["message"]}
                for one in json.loads(self.problems or "[]")]


def pointer_of(error):
    """Return where in the payload a refusal is, "" where it does not say."""
    return error.problem.pointer if isinstance(error, Refused) else ""


def reason_of(error):
    """Return the sentence of a refusal."""
    return error.problem.message if isinstance(error, Refused) else str(error)
