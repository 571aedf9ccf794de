import { _t } from "@web/core/l10n/translation";
import { beep } from "@med_traceability/common/sound";
import { reasonText } from "./entry_words";
import { ReasonDialog } from "./reason_dialog";

/** Values: typed, judged on the page, saved behind it, and what the server says of them. */
export const EntryValues = (Base) =>
    class extends Base {
        //--- values ---

        type(cell, text) {
            const { value, uom } = this.sheet.read(cell, text);
            cell.draft = text === this.shown(cell)
                ? null
                : { text, ...this.sheet.put({ ...cell }, { value, uom }) };
        }

        shown(cell) {
            return cell.uom ? `${cell.text} ${cell.uom}` : cell.text;
        }

        undraft(cell, el) {
            cell.draft = null;
            if (cell.status === "typed") {
                this.sheet.restore(cell);
                this.recount();
            }
            if (el.matches("input")) {
                el.value = this.shown(cell);
                el.select();
            }
            this.state.told = null;
        }

        /**
         * Take what is typed in a place; it is on its way when this returns true.
         *
         * @returns {boolean} whether one may go on
         */
        commit(cell, text) {
            cell.draft = null;
            if (!this.isOpen) {
                return true;
            }
            const read = this.sheet.read(cell, text);
            if (this.sheet.isSame(cell, read)) {
                return cell.outcome !== "invalid" || !read.value;
            }
            if (!read.value) {
                if (this.sheet.isRecorded(cell) || this.queue.isFlying(cell.key)) {
                    this.undraft(cell, this.elements.get(cell.key));
                    this.tell("warn", _t("A recorded value is not emptied. Type the right one."));
                    return false;
                }
                this.queue.drop(cell.key);
                this.sheet.restore(cell);
                this.recount();
                return true;
            }
            return this.take(cell, read);
        }

        /** Take a value that was read: judge it, ask for a reason where one is needed, save it. */
        take(cell, read, reason = "") {
            const recorded = this.sheet.isRecorded(cell) || this.queue.isFlying(cell.key);
            const was = this.wordsOf(cell);
            const told = this.sheet.put(cell, read);
            this.recount();
            if (told.outcome === "invalid") {
                cell.status = "typed";
                beep("error");
                this.tell("error", _t("%(value)s: %(why)s", {
                    value: read.value, why: reasonText(told.reason, cell.characteristic) }));
                return false;
            }
            if (told.outcome === "missing" && ["picture", "certificate"].includes(cell.characteristic.kind)) {
                cell.status = "typed";
                this.tell("warn", _t("Add the file that shows it."));
                return true;
            }
            if (this.lacksGauge(cell)) {
                return this.askGauge(cell);
            }
            if (recorded && !reason) {
                this.askReason(cell, was, read);
                return false;
            }
            this.save(cell, { reason });
            this.state.told = null;
            if (told.outcome === "fail") {
                beep("warn");
                this.tell("fail", _t("%(unit)s %(name)s: %(why)s", {
                    unit: cell.unit, name: cell.characteristic.name,
                    why: reasonText(told.reason, cell.characteristic) }));
            }
            return true;
        }

        wordsOf(cell) {
            if (cell.characteristic.kind === "check") {
                return [
                    { pass: _t("Pass"), fail: _t("Fail") }[cell.text] || "—", ...cell.defects,
                ].join(" ");
            }
            return this.shown(cell) || "—";
        }

        askReason(cell, was, read) {
            let given = false;
            this.asking = true;
            cell.status = "typed";
            this.dialog.add(ReasonDialog, {
                title: _t("Why is it changed?"),
                was: `${cell.unit} ${cell.characteristic.name}: ${was}`,
                now: this.wordsOf(cell),
                confirm: (reason) => {
                    given = true;
                    this.take(cell, read, reason);
                },
            }, {
                onClose: () => {
                    this.asking = false;
                    if (!given) {
                        this.undraft(cell, this.elements.get(cell.key));
                        this.goTo(cell);
                    } else {
                        this.goOn(cell);
                    }
                },
            });
        }

        save(cell, { reason = "", ...further } = {}) {
            const { characteristic, unit, place, text, uom, defects } = cell;
            const gauge = this.state.gauges[characteristic.key];
            cell.status = "waiting";
            cell.message = "";
            return this.queue.push({
                key: cell.key,
                value: {
                    characteristic: characteristic.key, unit, place, value: text,
                    ...(uom && { uom }), ...(defects.length && { defects: [...defects] }),
                    ...(gauge && { gauge }), ...(reason && { reason }), ...further,
                },
            });
        }

        //--- pass or fail ---

        answer(cell, value) {
            if (!this.isOpen) {
                return;
            }
            const read = { value, uom: "", defects: [] };
            if (value === "fail" && cell.characteristic.defects.length) {
                const defects = cell.text === "fail" ? [...cell.defects] : [];
                this.choose(cell, defects);
            } else if (this.sheet.isSame(cell, read) || this.take(cell, read)) {
                this.goOn(cell);
            }
        }

        toggleDefect(cell, defect) {
            if (defect && this.isOpen) {
                this.choose(cell, cell.defects.includes(defect.code)
                    ? cell.defects.filter((code) => code !== defect.code)
                    : [...cell.defects, defect.code]);
            }
        }

        /** Show a failure with its defects; it is saved when one goes on. */
        choose(cell, defects) {
            this.sheet.put(cell, { value: "fail", defects });
            cell.status = "typed";
            this.recount();
            this.goTo(cell);
        }

        /** Save a check whose defects were being chosen. */
        saveCheck(cell) {
            if (cell.status !== "typed" || cell.text !== "fail") {
                return;
            }
            const read = { value: "fail", uom: "", defects: [...cell.defects] };
            const last = cell.history.at(-1);
            if (last && this.sheet.isSame({ ...cell, text: last.value, uom: "", defects: last.defects || [] }, read)) {
                this.sheet.restore(cell);
                return;
            }
            if (last) {
                this.sheet.restore(cell);
            }
            this.take(cell, read);
        }

        onCellBlur(ev, cell) {
            if (this.asking) {
                return;
            }
            if (ev.target.matches("input")) {
                if (ev.target.value.trim() !== this.shown(cell)) {
                    this.commit(cell, ev.target.value);
                }
            } else {
                this.saveCheck(cell);
            }
        }

        //--- what the server says ---

        saved(jobs, answer) {
            for (const job of jobs) {
                const cell = this.sheet.cells.get(job.key);
                if (cell?.status === "waiting") {
                    cell.status = "saved";
                }
            }
            const waiting = new Map([...this.sheet.cells.values()]
                .filter((cell) => cell.status === "typed" || this.queue.isWaiting(cell.key))
                .map((cell) => [cell, { text: cell.text, uom: cell.uom, defects: cell.defects, outcome: cell.outcome, reason: cell.reason, status: cell.status }]));
            this.sheet.load(answer.readings);
            for (const [cell, kept] of waiting) {
                Object.assign(cell, kept);
            }
            this.state.verdict = answer.verdict;
            this.recount();
            if (jobs.length && this.state.inspection.state === "submitted") {
                this.reload(); // what was signed has changed
            }
        }

        refused(job, message) {
            const cell = this.sheet.cells.get(job.key);
            if (cell) {
                Object.assign(cell, { status: "refused", message });
            }
            beep("error");
            this.tell("error", message);
        }

        recount() {
            Object.assign(this.state.counts, this.sheet.count());
        }

        tell(type, text) {
            this.state.told = { type, text };
        }
    };
