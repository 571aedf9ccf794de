import { _t } from "@web/core/l10n/translation";
import { beep } from "@med_traceability/common/sound";
import { isBlock, parseBlock, placeBlock, placeTable } from "./block";
import { reasonText } from "./entry_words";
import { ConclusionDialog } from "./reason_dialog";

/** Blocks pasted from a spreadsheet, files of values, pictures and documents. */
export const EntryFiles = (Base) =>
    class extends Base {
        //--- blocks and files ---

        onCellPaste(ev, cell) {
            const text = ev.clipboardData.getData("text/plain");
            if (this.isOpen && isBlock(text)) {
                ev.preventDefault();
                const { row, column } = this.sheet.where(cell);
                const rows = parseBlock(text);
                const found = row < 0
                    ? placeBlock(rows.length > 1 && rows.every((one) => one.length === 1) ? [rows.flat()] : rows,
                        { row: 0, column }, (down, across) => (down ? null : this.sheet.lotCells[across]))
                    : placeBlock(rows, { row, column },
                        (down, across) => this.sheet.rows[down]?.cells[across]);
                this.takeMany(found.values, found.outside
                    ? [_t("%s cells lie outside the table.", found.outside)] : []);
            }
        }

        /** Take many values at once; what cannot be taken stays where it is, and is told. */
        takeMany(values, problems) {
            let taken = 0;
            const jobs = [];
            for (const { cell, text } of values) {
                const read = this.sheet.read(cell, text);
                if (this.sheet.isSame(cell, read)) {
                    continue;
                }
                if (this.sheet.isRecorded(cell) || this.queue.isFlying(cell.key)) {
                    problems.push(_t("%(unit)s %(name)s has a value already: change it by hand, with a reason.", {
                        unit: cell.unit, name: cell.characteristic.name }));
                    continue;
                }
                const told = this.sheet.put(cell, read);
                if (told.outcome === "invalid" || (told.outcome === "missing" && read.value)) {
                    cell.status = "typed";
                    problems.push(_t("%(unit)s %(name)s: %(why)s", {
                        unit: cell.unit, name: cell.characteristic.name,
                        why: reasonText(told.reason, cell.characteristic) }));
                    continue;
                }
                jobs.push(cell);
                taken++;
            }
            const bare = jobs.find((cell) => this.lacksGauge(cell));
            for (const cell of jobs) {
                if (this.lacksGauge(cell)) {
                    cell.status = "typed";
                } else {
                    this.save(cell);
                }
            }
            this.recount();
            if (bare) {
                this.goTo(bare);
                return this.askGauge(bare);
            }
            beep(problems.length ? "warn" : "ok");
            this.tell(problems.length ? "warn" : "ok", [
                _t("%s values taken.", taken), ...problems.slice(0, 5),
                ...(problems.length > 5 ? [_t("and %s more", problems.length - 5)] : []),
            ].join(" "));
        }

        async onFile(ev) {
            const [file] = ev.target.files;
            ev.target.value = "";
            if (!file) {
                return;
            }
            this.state.busy = true;
            try {
                const { rows } = await this.orm.call("med.inspection", "read_file", [[this.inspectionId]], {
                    name: file.name, content: await this.base64(file),
                });
                const found = placeTable(rows, [
                    ...this.sheet.columns,
                    ...this.sheet.lotCells.map(({ characteristic, place }) => ({ characteristic, place })),
                ], (unit, key, place) => this.sheet.cellOf(unit, key, place));
                this.takeMany(found.values, [
                    ...found.columns.map((name) => _t("No characteristic is called “%s”.", name)),
                    ...found.units.map((name) => _t("No drawn unit is called “%s”.", name)),
                ]);
            } catch (error) {
                this.tell("error", error.data?.message || _t("The file cannot be read. Try again."));
            } finally {
                this.state.busy = false;
            }
        }

        base64(file) {
            return new Promise((resolve, reject) => {
                const reader = new FileReader();
                reader.onload = () => resolve(reader.result.split(",")[1]);
                reader.onerror = () => reject(reader.error);
                reader.readAsDataURL(file);
            });
        }

        //--- documents ---

        async attachDocument(row, file) {
            await this.callDocument(row, "attach", { filename: file.name, data: await this.base64(file) });
        }

        checkDocument(row, ok) {
            if (ok) {
                return this.callDocument(row, "check", { ok });
            }
            this.dialog.add(ConclusionDialog, {
                title: row.name, label: _t("What is wrong with it?"),
                confirm: (note) => this.callDocument(row, "check", { ok, note }),
            });
        }

        async callDocument(row, method, values) {
            try {
                await this.orm.call("med.inspection.document", method, [[row.id]], values);
                await this.reload();
            } catch (error) {
                this.tell("error", error.data?.message || _t("The server cannot be reached. Try again."));
            }
        }

        /** What the server says of all but the values. */
        async reload() {
            const answer = await this.orm.call("med.inspection", "sheet", [[this.inspectionId]]);
            const { inspection, verdict, documents, records } = answer;
            Object.assign(this.state, { inspection, verdict, documents, records });
        }
    };
