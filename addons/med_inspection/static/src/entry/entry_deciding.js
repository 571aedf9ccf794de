import { _t } from "@web/core/l10n/translation";
import { documentAction } from "@med_traceability/common/labels";
import { limitText } from "./judge";
import { ConclusionDialog, ReasonDialog, RetestDialog } from "./reason_dialog";

/** Retests, records, and the steps that are signed. */
export const EntryDeciding = (Base) =>
    class extends Base {
        //--- the rest ---

        async retest(cell) {
            const reading = cell.readingId;
            const known = this.state.records.find((one) => one.reading === reading);
            if (known && (known.state !== "open" || cell.retests.length)) {
                return this.tell("warn", _t("%s has its retest: quality assurance concludes the record.", known.name));
            }
            this.dialog.add(RetestDialog, {
                cell, record: known?.name || "", limits: limitText(cell.characteristic),
                title: _t("Retest of %(unit)s %(name)s", {
                    unit: cell.unit, name: cell.characteristic.name }),
                confirm: (value, cause) => this.recordRetest(cell, reading, known?.name || "", value, cause),
            });
        }

        /** @returns {Promise<string>} what was wrong, or "" */
        async recordRetest(cell, reading, record, value, cause) {
            const gauge = this.state.gauges[cell.characteristic.key];
            const read = this.sheet.read(cell, value);
            try {
                if (!record) {
                    const told = await this.orm.call("med.inspection", "open_oos", [[this.inspectionId]], {
                        reading, cause });
                    record = told.record;
                    this.state.records.push({ id: told.oos, name: record, reading, state: "open" });
                }
                const answer = await this.orm.call("med.inspection", "enter", [[this.inspectionId]], {
                    values: [{
                        characteristic: cell.characteristic.key, unit: cell.unit, place: cell.place,
                        value: read.value, retest_of: reading, record,
                        ...(read.uom && { uom: read.uom }), ...(gauge && { gauge }),
                    }],
                });
                this.saved([], answer);
                return "";
            } catch (error) {
                return error.data?.message || _t("The server cannot be reached. Try again.");
            }
        }

        /** Keep a picture or a paper as what a place says. */
        async attach(cell, file) {
            const content = await this.base64(file);
            this.sheet.put(cell, { value: cell.text || file.name, uom: cell.uom, document: file.name });
            if (this.sheet.isRecorded(cell)) {
                this.asking = true;
                this.dialog.add(ReasonDialog, {
                    title: _t("Why is it changed?"), was: cell.history.at(-1).value, now: file.name,
                    confirm: (reason) => this.save(cell, { file: content, filename: file.name, reason }),
                }, { onClose: () => { this.asking = false; } });
            } else if (this.lacksGauge(cell)) {
                this.askGauge(cell);
            } else {
                this.save(cell, { file: content, filename: file.name });
                this.goOn(cell);
            }
            this.recount();
        }

        //--- deciding ---

        async submit() {
            const { missing, invalid } = this.state.counts;
            if (invalid || this.state.queue.refused) {
                this.tell("error", _t("Some values cannot be saved. They are marked: type them again."));
                return this.goTo([...this.sheet.cells.values()].find(
                    (cell) => cell.outcome === "invalid" || cell.status === "refused"));
            }
            await this.queue.work();
            if (missing && this.state.verdict.outcome !== "not_accepted") {
                this.tell("warn", _t("%s values are missing. A lot that is bad already is rejected instead.", missing));
                return this.goMissing();
            }
            return this.sign("submit");
        }

        /** Reject at any time: what is wrong is said first, then signed. */
        reject() {
            this.dialog.add(ConclusionDialog, {
                title: _t("Reject %s", this.headText), label: _t("What is wrong?"),
                confirm: async (conclusion) => {
                    await this.queue.work();
                    await this.orm.write("med.inspection", [this.inspectionId], { conclusion });
                    return this.sign("reject");
                },
            });
        }

        sign(transition) {
            return this.action.doAction({
                type: "ir.actions.client", tag: "med_signature.sign",
                params: { model: "med.inspection", records: [this.inspectionId], transition },
            });
        }

        openDocument() {
            return this.action.doAction(documentAction("med.inspection", this.inspectionId));
        }

        get headText() {
            const { product, workorder, name } = this.state.inspection;
            return product || workorder || name;
        }

        get sampleText() {
            return _t("%(drawn)s of %(all)s", {
                drawn: this.sheet.units.length, all: this.state.inspection.quantity });
        }

        get missingText() {
            return _t("%s missing", this.state.counts.missing);
        }

        get documentsLeft() {
            return this.state.documents.filter((row) => row.required && !row.ok).length;
        }

        get documentsText() {
            const { documents } = this.state;
            return `${documents.filter((row) => row.ok).length}/${documents.length}`;
        }

        get stateText() {
            return {
                submitted: _t("Submitted. A change needs a reason and opens the inspection again."),
                accepted: _t("Accepted"), concession: _t("Accepted by concession"),
                rejected: _t("Rejected"), cancelled: _t("Cancelled"),
            }[this.state.inspection.state];
        }

        get savedText() {
            const { waiting, offline, refused } = this.state.queue;
            if (refused) {
                return _t("%s refused", refused);
            }
            if (offline) {
                return _t("No connection: %s waiting", waiting);
            }
            return waiting ? _t("Saving %s…", waiting) : _t("All saved");
        }

        classText(row) {
            return _t("%(found)s found of %(n)s; accepts %(accept)s", {
                found: row.found, n: row.n, accept: row.accept });
        }
    };
