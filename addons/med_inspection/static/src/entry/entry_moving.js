import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { beep } from "@med_traceability/common/sound";
import { restoreSeparators } from "@med_traceability/scan/separators";
import { WAIT } from "./wedge";

export const DIRECTION = "med_inspection.direction";
const GAUGE = "med_inspection.gauge.";

/** Pictures that may be left out are taken by who wants one. */
const isOnTheWay = ({ characteristic: { kind, required } }) => required || kind !== "picture";

/** Going about the table: gauges, keys, the scanner. */
export const EntryMoving = (Base) =>
    class extends Base {
        //--- gauges ---

        readGauges() {
            const gauges = {};
            for (const one of this.sheet.characteristics.filter((each) => each.gauge_kind)) {
                const used = [...this.sheet.cells.values()].filter(
                    (cell) => cell.characteristic.key === one.key && cell.history.at(-1)?.gauge);
                gauges[one.key] = used.at(-1)?.history.at(-1).gauge ||
                    browser.localStorage.getItem(GAUGE + one.gauge_kind) || "";
            }
            return gauges;
        }

        setGauge(characteristic, gauge) {
            const name = gauge.trim();
            for (const one of this.sheet.characteristics) {
                if (one.key === characteristic.key || (one.gauge_kind === characteristic.gauge_kind && !this.state.gauges[one.key])) {
                    this.state.gauges[one.key] = name;
                }
            }
            browser.localStorage.setItem(GAUGE + characteristic.gauge_kind, name);
            for (const cell of this.sheet.cells.values()) {
                if (cell.status === "typed" && !this.lacksGauge(cell) && ["pass", "fail", ""].includes(cell.outcome)
                    && !this.sheet.isRecorded(cell)) {
                    this.save(cell);
                }
            }
            this.state.told = null;
        }

        /** Whether a value cannot be recorded before its gauge is named. */
        lacksGauge({ characteristic }) {
            return Boolean(characteristic.gauge_kind && !this.state.gauges[characteristic.key]);
        }

        askGauge(cell) {
            cell.status = "typed";
            beep("warn");
            this.tell("warn", _t("Which %s? Scan or type its number once; it is kept for this column.",
                cell.characteristic.gauge_kind));
            browser.setTimeout(() => document.querySelector(".o_med_pad input[name=gauge]")?.focus(), 0);
            return false;
        }

        //--- going about ---

        get active() {
            return this.sheet.cells.get(this.state.activeKey);
        }

        focusFirst() {
            if (this.state.ready && this.isOpen) {
                const cells = this.sheet.order(this.state.direction);
                this.goTo(cells.find((cell) => this.sheet.isOpen(cell)) || cells[0]);
            }
        }

        goTo(cell) {
            const el = cell && this.elements.get(cell.key);
            if (el) {
                this.activate(cell);
                el.focus();
                el.select?.();
                el.scrollIntoView({ block: "nearest", inline: "nearest" });
            }
            return Boolean(el);
        }

        activate(cell) {
            this.state.activeKey = cell.key;
            this.wedge.clear();
        }

        goOn(cell, step = 1) {
            const next = this.sheet.next(cell, this.state.direction, step, isOnTheWay);
            if (next) {
                return this.goTo(next);
            }
            if (step > 0 && this.state.counts.missing) {
                return this.goMissing();
            }
            if (step > 0) {
                beep("done");
                this.tell("ok", _t("Every value is entered."));
            }
        }

        goMissing() {
            const open = this.sheet.order(this.state.direction).filter((cell) => this.sheet.isOpen(cell));
            const at = open.indexOf(this.active);
            this.goTo(open[at + 1] || open[0]);
        }

        turn(direction) {
            this.state.direction = direction;
            browser.localStorage.setItem(DIRECTION, direction);
            this.goTo(this.active);
        }

        /** To the unit whose label was scanned or typed; a whole UDI is read by the server. */
        async find(code) {
            const text = restoreSeparators(code).trim();
            let unit = this.sheet.isUnit(text) ? text : "";
            if (!unit && text.length > 13) {
                const label = await this.orm.silent.call("med.udi", "parse", [], { code: text })
                    .catch(() => null);
                unit = [label?.serial, label?.lot].find((name) => name && this.sheet.isUnit(name)) || "";
            }
            if (!unit) {
                beep("error");
                this.tell("error", _t("%s is not one of the drawn units.", text));
                return false;
            }
            beep("ok");
            this.state.told = null;
            return this.goTo(this.sheet.firstOf(unit));
        }

        /** A scan outside the table; those in it are told by their speed. */
        onScan(code) {
            const at = document.activeElement;
            if (this.isOpen && !this.asking && !at?.closest(".o_med_cell, .o_dialog, input, textarea")) {
                this.find(code);
            }
        }

        async onFind(ev) {
            if (ev.key === "Enter" || ev.key === "Tab") {
                ev.preventDefault();
                const code = ev.target.value;
                ev.target.value = "";
                if (!code.trim() || !(await this.find(code))) {
                    this.findRef.el.focus();
                }
            }
        }

        //--- keys ---

        onKeydown(ev) {
            if (ev.key === "F2") {
                ev.preventDefault();
                this.findRef.el.focus();
            } else if (ev.key === "F4") {
                ev.preventDefault();
                this.goMissing();
            }
        }

        onCellKeydown(ev, cell) {
            if (ev.ctrlKey || ev.metaKey || ev.altKey) {
                return;
            }
            const text = ev.target.matches("input");
            const typed = text ? ev.target.value : "";
            const now = ev.timeStamp;
            const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
            if (ev.key === "Enter" || ev.key === "Tab") {
                ev.preventDefault();
                ev.stopPropagation();
                return this.finish(cell, ev.target, ev.shiftKey ? -1 : 1);
            }
            if (ev.key === "Escape") {
                ev.stopPropagation();
                this.undraft(cell, ev.target);
            } else if (arrows[ev.key] && (!text || this.isEdge(ev))) {
                ev.preventDefault();
                const next = this.sheet.beside(cell, ...arrows[ev.key]);
                if (next && (!text || this.commit(cell, typed))) {
                    this.goTo(next);
                }
            } else if (!text && cell.characteristic.kind === "check") {
                this.checkKey(ev, cell, now);
            } else {
                this.wedge.feed(ev.key, now);
            }
        }

        /** Left and right go through the text first. */
        isEdge({ key, target }) {
            const { selectionStart: from, selectionEnd: to, value } = target;
            return (
                key === "ArrowUp" || key === "ArrowDown" || (from === 0 && to === value.length) ||
                (key === "ArrowLeft" ? to === 0 : from === value.length)
            );
        }

        /** Keys of a check wait a moment: the letters of a scanned label are no answers. */
        checkKey(ev, cell, now) {
            if (ev.repeat || ev.key.length !== 1) {
                return;
            }
            ev.preventDefault();
            const running = this.wedge.isRunning(now);
            this.wedge.feed(ev.key, now);
            browser.clearTimeout(this.checkTimer);
            if (!running) {
                const letter = ev.code === "KeyP" ? "p" : ev.code === "KeyF" ? "f" : ev.key.toLowerCase();
                this.checkTimer = browser.setTimeout(() => this.checkLetter(cell, letter), WAIT);
            }
        }

        checkLetter(cell, letter) {
            this.checkTimer = null;
            this.wedge.clear();
            if (letter === "p") {
                this.answer(cell, "pass");
            } else if (letter === "f") {
                this.answer(cell, "fail");
            } else if (/[1-9]/.test(letter)) {
                this.toggleDefect(cell, cell.characteristic.defects[Number(letter) - 1]);
            }
        }

        /** Enter and Tab: save what is typed and go on; a scanned label goes to its unit. */
        finish(cell, el, step) {
            browser.clearTimeout(this.checkTimer);
            const isText = el.matches("input");
            const scanned = this.wedge.isScan ? this.wedge.text : "";
            this.wedge.clear();
            if (scanned && !isText) {
                return this.find(scanned);
            }
            const text = isText ? el.value.trim() : "";
            if (isText && text !== cell.text && (
                (scanned && this.sheet.isUnit(scanned)) ||
                (cell.characteristic.numeric && this.sheet.isUnit(text) && !/^[\d.,+-]+$/.test(text)) ||
                (scanned && cell.characteristic.numeric && text.length > 13)
            )) {
                this.undraft(cell, el);
                return this.find(scanned || text);
            }
            if (!isText) {
                this.saveCheck(cell);
                return this.goOn(cell, step);
            }
            if (this.commit(cell, el.value)) {
                this.goOn(cell, step);
            } else {
                el.select();
            }
        }
    };
