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
import { moment, quantity } from "@med_traceability/common/labels";
import { EntryCell } from "./entry_cell";
import { EntryDeciding } from "./entry_deciding";
import { EntryFiles } from "./entry_files";
import { DIRECTION, EntryMoving } from "./entry_moving";
import { EntryPad } from "./entry_pad";
import { EntrySheet } from "./entry_sheet";
import { EntryValues } from "./entry_values";
import { classLabel, verdictLabel } from "./entry_words";
import { limitText } from "./judge";
import { SaveQueue } from "./save_queue";
import { Wedge } from "./wedge";

const PATIENCE = 3000;

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
export class EntryAction extends EntryDeciding(EntryFiles(EntryValues(EntryMoving(Component)))) {
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

    //--- leaving ---

    /** How many values are on their way, or were refused. */
    get unsaved() {
        return this.queue ? this.queue.size + this.state.queue.refused : 0;
    }

    /** How many places show what was not entered: it is kept nowhere. */
    get typed() {
        return [...(this.sheet?.cells.values() || [])].filter(
            (cell) => cell.draft || cell.status === "typed").length;
    }

    async canLeave() {
        if (this.unsaved) {
            await Promise.race([
                this.queue.work(), new Promise((resolve) => browser.setTimeout(resolve, PATIENCE)),
            ]);
        }
        const { unsaved, typed } = this;
        if (!unsaved && !typed) {
            return true;
        }
        const told = [];
        if (unsaved) {
            told.push(_t("%s values are not saved. They stay on this machine and are saved when this page is opened here again.", unsaved));
        }
        if (typed) {
            told.push(_t("%s values are typed, but not entered. They are lost.", typed));
        }
        return new Promise((resolve) => this.dialog.add(ConfirmationDialog, {
            title: _t("Not everything is saved"),
            body: told.join(" "),
            confirmLabel: _t("Leave"), confirm: () => resolve(true),
            cancelLabel: _t("Stay"), cancel: () => resolve(false),
        }, { onClose: () => resolve(false) }));
    }

    warnUnload(ev) {
        if (this.queue?.size || this.typed) {
            ev.preventDefault();
            ev.returnValue = true;
        }
    }
}

registry.category("actions").add("med_inspection.entry", EntryAction);
