import { Component, onWillDestroy, onWillStart, reactive, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { beep } from "@med_traceability/common/sound";
import { documentAction, moment, quantity } from "@med_traceability/common/labels";
import { restoreSeparators } from "@med_traceability/scan/separators";
import { isBlock, parseBlock, placeBlock, placeTable } from "./block";
import { EntryCell } from "./entry_cell";
import { EntryPad } from "./entry_pad";
import { EntrySheet } from "./entry_sheet";
import { classLabel, reasonText, verdictLabel } from "./entry_words";
import { limitText } from "./judge";
import { ConclusionDialog, ReasonDialog, RetestDialog } from "./reason_dialog";
import { SaveQueue } from "./save_queue";
import { WAIT, Wedge } from "./wedge";

const DIRECTION = "med_inspection.direction";
const GAUGE = "med_inspection.gauge.";
const PATIENCE = 3000;

/** Pictures that may be left out are taken by who wants one. */
const isOnTheWay = ({ characteristic: { kind, required } }) => required || kind !== "picture";

/** Keep values beyond the page. Files are too large for that: they are chosen again. */
function keepJobs(name, jobs) {
    const small = jobs.filter((job) => !job.value.file);
    if (small.length) {
        browser.localStorage.setItem(name, JSON.stringify(small));
    } else {
        browser.localStorage.removeItem(name);
    }
}

/**
 * The results of an inspection, entered without a mouse: a table of units and characteristics.
 *
 * A value is judged on the page at once, and saved behind it (:class:`SaveQueue`). What the server
 * says of it then stands. Parameter: `inspection`, or the active record.
 */
export class EntryAction extends Component {
    static template = "med_inspection.EntryAction";
    static components = { Layout, EntryCell, EntryPad };
    static props = { ...standardActionServiceProps };
    static path = "med-results";
    static displayName = _t("Results");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.findRef = useRef("find");
        this.fileRef = useRef("file");
        this.elements = new Map();
        this.wedge = new Wedge();
        this.state = useState({
            ready: false, inspection: null, verdict: null, documents: [], records: [], activeKey: "",
            direction: browser.localStorage.getItem(DIRECTION) || "across",
            queue: { waiting: 0, offline: false, refused: 0 },
            counts: { all: 0, missing: 0, failed: 0, invalid: 0 },
            told: null, gauges: {}, busy: false, documentsOpen: false,
        });
        useSetupAction({
            beforeLeave: () => this.canLeave(),
            beforeUnload: (ev) => this.warnUnload(ev),
        });
        onWillStart(() => this.start());
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) => this.onScan(detail.barcode));
        useEffect(() => this.focusFirst(), () => [this.state.ready]);
        onWillDestroy(() => this.queue?.stop());
        Object.assign(this, { classLabel, limitText, moment, quantity, verdictLabel });
    }

    async start() {
        const { context, params = {} } = this.props.action;
        this.inspectionId = Number(params.inspection) ||
            (context.active_model === "med.inspection" && context.active_id) ||
            0;
        if (!this.inspectionId) {
            return;
        }
        const answer = await this.orm.call("med.inspection", "sheet", [[this.inspectionId]]);
        this.sheet = new EntrySheet(answer, localization.decimalPoint);
        for (const cell of this.sheet.cells.values()) {
            Object.assign(cell, { draft: null });
        }
        this.makeReactive();
        this.queue = this.makeQueue();
        Object.assign(this.state, {
            ready: true, inspection: answer.inspection, verdict: answer.verdict,
            documents: answer.documents, records: answer.records, gauges: this.readGauges(),
        });
        this.env.config.setDisplayName([answer.inspection.name, answer.inspection.lot].filter(Boolean).join(" · "));
        this.props.updateActionState({ inspection: this.inspectionId });
        this.recount();
        this.takeUp();
    }

    /** Each place by itself is watched, so that a value redraws one place and not the table. */
    makeReactive() {
        const { sheet } = this;
        const wrapped = new Map([...sheet.cells].map(([key, cell]) => [key, reactive(cell)]));
        sheet.cells = wrapped;
        sheet.lotCells = sheet.lotCells.map((cell) => wrapped.get(cell.key));
        for (const row of sheet.rows) {
            row.cells = row.cells.map((cell) => cell && wrapped.get(cell.key));
        }
    }

    makeQueue() {
        const name = `med_inspection.entry.${user.userId}.${this.inspectionId}`;
        return new SaveQueue({
            send: (values, time) => this.orm.silent.call(
                "med.inspection", "enter", [[this.inspectionId]], { values, event_time: time }),
            isRefusal: (error) => error instanceof RPCError,
            onSaved: (jobs, answer) => this.saved(jobs, answer),
            onRefused: (job, message) => this.refused(job, message),
            onState: (state) => Object.assign(this.state.queue, state),
            pause: (ms) => new Promise((resolve) => browser.setTimeout(resolve, ms)),
            now: () => Date.now(),
            store: {
                get: () => JSON.parse(browser.localStorage.getItem(name) || "[]"),
                set: (jobs) => keepJobs(name, jobs),
            },
        });
    }

    /** What a page that was closed too early could not send. */
    takeUp() {
        if (!this.isOpen) {
            return;
        }
        const left = this.queue.restore();
        for (const { key, value } of left) {
            const cell = this.sheet.cells.get(key);
            if (cell && !value.retest_of) {
                this.sheet.put(cell, value);
                cell.status = "waiting";
            }
        }
        if (left.length) {
            this.recount();
            this.tell("warn", _t("%s values from before were not saved yet. They are being saved now.", left.length));
        }
    }

    get isOpen() {
        return ["open", "submitted"].includes(this.state.inspection?.state);
    }

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

    //--- leaving ---

    async canLeave() {
        if (!this.queue || (!this.queue.size && !this.state.queue.refused)) {
            return true;
        }
        await Promise.race([
            this.queue.work(), new Promise((resolve) => browser.setTimeout(resolve, PATIENCE)),
        ]);
        if (!this.queue.size && !this.state.queue.refused) {
            return true;
        }
        return new Promise((resolve) => this.dialog.add(ConfirmationDialog, {
            title: _t("Not everything is saved"),
            body: _t("%s values are not saved. They stay on this machine and are saved when this page is opened here again.",
                this.queue.size + this.state.queue.refused),
            confirmLabel: _t("Leave"), confirm: () => resolve(true),
            cancelLabel: _t("Stay"), cancel: () => resolve(false),
        }, { onClose: () => resolve(false) }));
    }

    warnUnload(ev) {
        const typed = [...(this.sheet?.cells.values() || [])].some(
            (cell) => cell.draft || cell.status === "typed");
        if (this.queue?.size || typed) {
            ev.preventDefault();
            ev.returnValue = true;
        }
    }

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
}

registry.category("actions").add("med_inspection.entry", EntryAction);
