import json
from datetime import datetime

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.mapping import missing_columns, payloads, unclear_columns
from ..tools.plain import plain
from ..tools.sheet import read_table
from ..tools.table import SheetError

ROUNDS = 10  # a row that rests on a refused one is refused in the next round


class MedExchangeFile(models.Model):
    """Trying a file shows what it would do, row by row; taking it in does just that."""

    _inherit = "med.exchange.file"

    def action_try(self):
        """Show what the file would do, and do nothing."""
        self._med_lock("new", "broken", "tried", "part")
        self.with_context(plain(self.env.context))._med_run(keep=False)
        return True

    def action_apply(self):
        """Take the file in: all rows or none, or the good ones where that was chosen."""
        self._med_lock("tried", "part")
        self.exchange_partner_id._med_check_file(self.schema)
        if self.mapping_id.state != "active":
            raise UserError(self.env._(
                "The mapping %s is not in force: put it in force first.",
                self.mapping_id.display_name))
        if self.rules != self.mapping_id._med_digest():
            raise UserError(self.env._(
                "The mapping was changed since the file was tried: try it again first."))
        self.with_context(plain(self.env.context))._med_run(keep=True)
        return True

    # ------------------------------------------------------------------ runs

    def _med_run(self, keep):
        """Read the file, try every row, and with ``keep`` take in what may be taken in."""
        self.ensure_one()
        table = self._med_table()
        if table is None:
            return
        plans = self._med_plans(table)
        earlier = self._med_earlier(plans)
        problem, stayed = "", False
        try:
            sent = self._med_trial([
                plan for plan in plans if not plan["outcome"]])
            if keep:
                stayed, problem = self._med_keep(plans, sent)
        except UserError as error:  # the stream has a gap, the schema is gone
            problem = str(error)
        for plan in plans:
            if not plan["outcome"]:
                plan["outcome"], plan["reasons"] = "refused", problem
        self._med_write_rows(plans)
        values = self._med_counts(plans) | {"problem": problem, "read_as": self._med_read_as(table),
                                             "rules": self.mapping_id._med_digest()}
        if stayed:
            refused = values["refused_count"]
            values |= {"state": "part" if refused else "applied",
                       "applied_at": fields.Datetime.now(), "applied_id": self.env.uid}
        elif not earlier:
            values["state"] = "tried"
        self._store(values)

    def _med_table(self):
        """Return the table, or None after writing down why there is none."""
        problem = ""
        try:
            table = read_table(self.name, self._med_content(), self.mapping_id.encoding)
        except SheetError as error:
            problem = self.mapping_id._med_sheet_words(error)
        else:
            rules = self.mapping_id._med_rules(self._med_event_column(table))
            missing = missing_columns(table, rules)
            unclear = unclear_columns(
                table, rules, (self.mapping_id.sample_columns or "").split("\n"))
            if unclear:
                problem = self.env._(
                    "The file has more than one column %(columns)s: which one is meant is not "
                    "clear. Name them differently, or propose the mapping anew from such a file.",
                    columns=", ".join(f"“{one}”" for one in unclear))
            elif missing:
                problem = self.env._(
                    "The file has no column %(columns)s. It has: %(there)s. Mend the file, or "
                    "change the mapping.", columns=", ".join(f"“{one}”" for one in missing),
                    there=", ".join(f"“{one}”" for one in table.columns[:30]))
            elif not table.rows:
                problem = self.env._("The file has a heading and no rows.")
        if not problem:
            return table
        self.row_ids.filtered(lambda row: not row.message_id)._drop()
        self._store({"state": "broken" if self.state != "part" else "part", "problem": problem})
        return None

    def _med_read_as(self, table):
        """Return how the file was read, and what of a workbook a person might not expect."""
        parts = [table.read_as]
        if table.unread:
            parts.append(self.env._("not read: %s", ", ".join(table.unread[:10])))
        if table.hidden:
            parts.append(self.env._("hidden rows that are read: %s", table.hidden))
        return "; ".join(parts)

    def _med_event_column(self, table):
        """Return the column of the event time: what a downtime form calls it, or the mapping."""
        own = self.form_id and self.form_id._med_event_heading()
        return own if own and own in table.columns else None

    def _med_plans(self, table):
        """Return what the rows say: dictionaries that later steps fill in."""
        rules = self.mapping_id._med_rules(self._med_event_column(table))
        schemas = self.env["med.exchange.schema"].sudo()
        version = self.mapping_id.schema_id.version
        plans = []
        for made in payloads(table, rules):
            plan = {"key": made.object_id, "numbers": made.numbers, "payload": made.payload,
                    "event": made.event_time, "errors": [], "changes": "", "told": "", "row": 0,
                    "message": self._med_message_id(made.numbers[0]),
                    "outcome": "refused" if made.faults else "",
                    "reasons": "\n".join(map(self._med_fault_words, made.faults))}
            if not made.faults:
                plan["errors"] = [
                    {"pointer": one.pointer, "message": one.message}
                    for one in schemas._med_problems(self.schema, version, made.payload)]
                plan["outcome"] = "refused" if plan["errors"] else ""
            plans.append(plan)
        return plans

    def _med_earlier(self, plans):
        """Set apart the rows that are messages already; return whether there are any."""
        known = {one.name: one for one in self.env["med.exchange.message"].sudo().search([
            ("exchange_partner_id", "=", self.exchange_partner_id.id), ("authentic", "=", True),
            ("name", "in", [plan["message"] for plan in plans])])}
        for plan in plans:
            if message := known.get(plan["message"]):
                plan.update(outcome="earlier", reasons="", errors=[], row=message.id)
        return bool(known)

    def _med_trial(self, plans):
        """Try plans and take everything back; return those that a keeping run would send."""
        self._med_refuse_unfit(plans)
        plans = [plan for plan in plans if not plan["outcome"]]
        if plans:
            self._med_send(plans, keep=False)
        return [plan for plan in plans if plan["outcome"] in ("make", "change")
                or plan["outcome"] == "conflict" and self.mode == "good"]

    def _med_keep(self, plans, sent):
        """Take in what was tried; return ``(whether it stayed, problem of the whole file)``."""
        bad = [plan for plan in plans if plan["outcome"] in ("refused", "conflict")]
        if self.mode == "all" and bad:
            return False, self.env._(
                "Nothing was taken in: %s rows cannot be. Mend the file, or choose to take in the "
                "good rows.", len(bad))
        if bad and not sent:
            return False, self.env._("Nothing was taken in: look at the refused rows.")
        for _turn in range(ROUNDS):
            if not sent or self._med_send(sent, keep=True):
                return True, ""
            if self.mode == "all":
                return False, self.env._("Nothing was taken in: look at the refused rows.")
            sent = [plan for plan in sent if plan["outcome"] != "refused"]
        return False, self.env._("Too many rows rest on one another: send the file in parts.")

    # ------------------------------------------------------------------ written down

    def _med_write_rows(self, plans):
        """Write the rows anew; those that were taken in before stay as they are."""
        kept = {row.message: row for row in self.row_ids if row.message_id}
        self.row_ids.filtered(lambda row: not row.message_id)._drop()
        self.env["med.exchange.file.row"].sudo()._make([{
            "file_id": self.id, "number": plan["numbers"][0],
            "numbers": ", ".join(map(str, plan["numbers"])), "object_key": plan["key"],
            "event_time": plan["event"] and datetime.fromisoformat(
                plan["event"].removesuffix("Z")) or self.event_time,
            "outcome": plan["outcome"], "changes": plan["changes"],
            "told": plan["told"],
            "reasons": "\n".join(filter(None, [
                plan["reasons"], *map(self._med_error_words, plan["errors"])])),
            "payload": json.dumps(plan["payload"], ensure_ascii=False),
            "message": plan["message"], "message_id": plan["row"] or False,
        } for plan in plans if plan["message"] not in kept])

    def _med_counts(self, plans):
        def count(*outcomes):
            return sum(plan["outcome"] in outcomes for plan in plans)
        return {"make_count": count("make"), "change_count": count("change"),
                "same_count": count("same", "earlier"),
                "refused_count": count("refused", "conflict")}

    # ------------------------------------------------------------------ in words

    def _med_error_words(self, error):
        """Return what the exchange says of a field, with the column it came from."""
        pointer = error["pointer"].removeprefix("/payload")
        columns = {line.pointer: line.column for line in self.mapping_id.line_ids if line.column}
        column = columns.get(pointer) or next((name for path, name in columns.items() if (
            pointer.startswith(f"{path}/") or path.startswith(f"{pointer}/"))), "")
        if column:
            return self.env._("Column “%(column)s”: %(message)s", column=column,
                              message=error["message"])
        return f"{pointer or error['pointer'] or '/'}: {error['message']}"

    def _med_fault_words(self, fault):
        """Return what is wrong in one place of the file as a sentence."""
        text = self._med_fault_texts(fault.detail).get(fault.code, fault.code)
        if fault.column:
            return self.env._("Line %(line)s, column “%(column)s”: %(text)s", line=fault.line,
                              column=fault.column, text=text)
        return self.env._("Line %(line)s: %(text)s", line=fault.line, text=text)

    def _med_fault_texts(self, detail):
        _ = self.env._
        return {
            "key": _("the key is empty."),
            "twice": _("the same key as in line %s.", detail),
            "required": _("empty, and it is required (%s).", detail),
            "differs": _("says something else than before (%s) for the same key.", detail),
            "date": _("“%s” is no date of the format asked for.", detail),
            "time": _("“%s” is no time of the format asked for, or one that the change of the "
                      "clocks leaves unclear.", detail),
            "zone": _("there is no time zone “%s”.", detail),
            "decimal": _("“%s” is no number with the decimal mark of the mapping.", detail),
            "integer": _("“%s” is no whole number.", detail),
            "boolean": _("“%s” is neither yes nor no.", detail),
            "unit": _("“%s” names no unit.", detail),
            "word": _("unknown word. There are: %s.", detail),
            "part": _("it has no such part (%s).", detail),
            "kind": _("the mapping reads it in an unknown way (%s).", detail),
            "pointer": _("two fields of the mapping want the same place (%s).", detail),
            "digits": _("the spreadsheet has lost digits of %s: format the column as text and "
                        "type it again.", detail),
            "error": _("the spreadsheet shows the error %s.", detail),
            "long": _("longer than %s characters.", detail),
            "formula": _("cell %s is a formula that was never calculated: open the file in the "
                         "spreadsheet program, save it, and upload it again.", detail),
            "merged": _("it is part of the merged cells %s: what they say is not said of each row. "
                        "Split them, and fill in every row.", detail),
            "unseen": _("it has a character that nobody sees (%s): type it again.", detail),
            "cut": _("the file ends in the middle of this row: a part of it is missing."),
            "beyond": _("it has more cells than the %s of the heading.", detail),
        }
