import { Component, onWillStart, useEffect, useExternalListener, useRef, useState } from "@odoo/owl";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { day, documentAction, moment, quantity } from "../common/labels";
import { beep } from "../common/sound";
import { scanLabel } from "./camera";
import { restoreSeparators } from "./separators";

/** Model of a document → its parameter in the address; an addon with other documents adds to it. */
export const DOCUMENTS = { "stock.picking": "picking_id", "mrp.production": "production_id" };
const ROWS_SHOWN = 80;

/**
 * Work through a receipt, a delivery or a manufacturing order by scanning labels.
 *
 * Scans are taken one after the other, one call each. What could not be booked stays: the failed
 * code in the field, those behind it as buttons. Parameters: `picking_id` or `production_id`, or
 * the active record.
 */
export class ScanAction extends Component {
    static template = "med_traceability.ScanAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-scan";
    static displayName = _t("Scan");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.inputRef = useRef("input");
        this.queue = [];
        this.state = useState({
            document: null, rows: [], scans: [], discrepancies: [], code: "", packages: 0,
            last: null, feedback: null, choices: [], asked: null, held: "", unbooked: [],
            busy: false, tab: "open", filter: "",
        });
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) =>
            this.scan(restoreSeparators(detail.barcode), "wedge")
        );
        useExternalListener(document, "focusout", () => browser.setTimeout(() => this.focus(), 50));
        useEffect(() => this.focus(), () => [this.state.document?.id]);
        onWillStart(() => this.start());
        this.camera = isBarcodeScannerSupported();
        Object.assign(this, { day, moment, quantity, ROWS_SHOWN });
    }

    async start() {
        const { context, params = {} } = this.props.action;
        for (const [model, key] of Object.entries(DOCUMENTS)) {
            const id = (context.active_model === model && context.active_id) || Number(params[key]);
            if (id) {
                return this.load(model, id);
            }
        }
    }

    /** The field gets every key, unless another field or a dialog is in use. */
    focus() {
        const active = document.activeElement;
        const busy = active && active.matches("input, select, textarea");
        if (!busy && !document.querySelector(".o_dialog") && this.inputRef.el) {
            this.inputRef.el.focus();
        }
    }

    async load(model = this.state.document.model, id = this.state.document.id) {
        const answer = await this.orm.call(model, "med_scan_state", [[id]]);
        const { document: doc, rows, scans, discrepancies } = answer;
        Object.assign(this.state, { document: doc, rows, scans, discrepancies });
        this.props.updateActionState({ [DOCUMENTS[model]]: id });
    }

    call(method, args) {
        const { model, id } = this.state.document;
        return this.orm.call(model, method, [[id]], args);
    }

    //--- scanning ---

    onKeydown(ev) {
        if (ev.key === "Enter" || (ev.key === "Tab" && ev.target.value)) {
            ev.preventDefault();
            ev.stopPropagation();
            const code = ev.target.value;
            this.state.code = "";
            ev.target.value = ""; // a scanner may be quicker than the next rendering
            this.scan(code, "wedge");
        }
    }

    async openCamera() {
        let code;
        try {
            code = await scanLabel(this.env);
        } catch (error) {
            return this.tell("error", error.message);
        }
        await this.scan(code, "camera");
    }

    scan(code, source) {
        if (code.trim()) {
            this.queue.push({ code, source, product_id: 0, quantity: this.state.packages });
            this.state.packages = 0;
            return this.work();
        }
    }

    async work() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            while (this.queue.length) {
                const job = this.queue.shift();
                await (this.state.document ? this.book(job) : this.open(job));
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** Without a document, the code is the number of one. */
    async open(job) {
        for (const model of Object.keys(DOCUMENTS)) {
            const [id] = await this.orm.search(model, [["name", "=", job.code.trim()]], { limit: 1 });
            if (id) {
                return this.load(model, id);
            }
        }
        this.fail(job, _t("No transfer or manufacturing order is called %s.", job.code));
    }

    async book(job) {
        const code = this.state.held ? `${this.state.held}\n${job.code}` : job.code;
        let answer;
        try {
            answer = await this.call("med_scan", {
                code, quantity: job.quantity, product_id: job.product_id, source: job.source,
            });
        } catch (error) {
            this.state.held = "";
            return this.fail(job, error.data?.message || _t("The server cannot be reached. Scan it again."));
        }
        this.state.held = answer.wanted ? code : "";
        this.state.choices = answer.choices;
        this.state.asked = answer.choices.length ? job : null;
        if (!answer.booked.scan_id) {
            this.state.last = null;
            this.tell("info", answer.message);
            return beep("warn");
        }
        this.show(answer);
        this.state.last = answer.booked;
        this.state.scans.unshift(answer.booked);
        if (answer.discrepancies.length) {
            this.state.discrepancies.unshift(...answer.discrepancies);
            this.tell("warn", _t("Booked, with a discrepancy:"), answer.discrepancies);
            return beep("warn");
        }
        this.tell("ok", _t("Booked"));
        beep(this.complete === this.state.rows.length ? "done" : "ok");
    }

    /** Put the row that an answer brings in its place. */
    show({ row }) {
        if (!row.product_id) {
            return;
        }
        const at = this.state.rows.findIndex((one) => one.product_id === row.product_id);
        if (at < 0) {
            this.state.rows.push(row);
        } else {
            this.state.rows[at] = row;
        }
    }

    choose(product) {
        const job = this.state.asked;
        this.state.choices = [];
        this.state.asked = null;
        this.queue.unshift({ ...job, product_id: product.product_id });
        return this.work();
    }

    tell(type, text, found = []) {
        const id = (this.state.feedback?.id || 0) + 1;
        this.state.feedback = { id, type, text, found };
    }

    /** Say what was wrong and keep every code that was not booked. */
    fail(job, text) {
        this.state.last = null;
        this.state.choices = [];
        this.tell("error", text);
        beep("error");
        this.state.unbooked.push(...this.queue.splice(0).map((one) => one.code));
        if (this.state.code) {
            this.state.unbooked.push(job.code);
        } else {
            this.state.code = job.code;
            this.state.packages = job.quantity;
            browser.setTimeout(() => this.inputRef.el?.select(), 0);
        }
    }

    retry(index) {
        const [code] = this.state.unbooked.splice(index, 1);
        return this.scan(code, "typed");
    }

    dismiss(index) {
        this.state.unbooked.splice(index, 1);
    }

    more(step) {
        this.state.packages = Math.max(0, (this.state.packages || 1) + step);
        if (this.state.packages === 1) {
            this.state.packages = 0;
        }
        this.focus();
    }

    async undo() {
        let answer;
        try {
            answer = await this.call("med_scan_undo", {});
        } catch (error) {
            return this.tell("error", error.data?.message || _t("The server cannot be reached. Try again."));
        }
        this.state.last = null;
        this.state.held = "";
        await this.load();
        this.tell("info", answer.message);
        this.focus();
    }

    //--- closing ---

    async finish() {
        const { model, id } = this.state.document;
        if (model === "stock.picking") {
            let result;
            try {
                result = await this.orm.call(model, "button_validate", [[id]]);
            } catch (error) {
                beep("error");
                return this.tell("error", error.data?.message || _t("The server cannot be reached. Try again."));
            }
            if (result?.type) {
                return this.action.doAction(result, { onClose: () => this.openDocument() });
            }
        }
        return this.openDocument();
    }

    openDocument() {
        const { model, id } = this.state.document;
        return this.action.doAction(documentAction(model, id));
    }

    openDiscrepancy(id) {
        return this.action.doAction(documentAction("med.udi.discrepancy", id));
    }

    //--- what is shown ---

    get closed() {
        return ["done", "cancel"].includes(this.state.document.state);
    }

    get complete() {
        return this.state.rows.filter((row) => row.complete).length;
    }

    get percent() {
        return this.state.rows.length ? (100 * this.complete) / this.state.rows.length : 0;
    }

    get progressText() {
        return _t("%(complete)s of %(all)s products complete", {
            complete: this.complete, all: this.state.rows.length,
        });
    }

    get scanHint() {
        return _t("Scan a label");
    }

    get documentHint() {
        return _t("Scan or type the number of a transfer or manufacturing order");
    }

    get packagesText() {
        return this.state.packages ? quantity(this.state.packages) : _t("1 a scan");
    }

    get kindText() {
        const labels = { in: _t("Receipt"), out: _t("Transfer"), make: _t("Manufacturing order") };
        return labels[this.state.document.kind];
    }

    get finishText() {
        return this.state.document.kind === "make" ? _t("To the order") : _t("Close and post");
    }

    roleText(row) {
        return { made: _t("makes"), used: _t("takes") }[row.role];
    }

    get tabs() {
        const { rows, discrepancies, scans } = this.state;
        return [
            { key: "open", label: _t("Open"), count: rows.length - this.complete },
            { key: "all", label: _t("All"), count: rows.length },
            { key: "scans", label: _t("Scans"), count: scans.length },
            { key: "discrepancies", label: _t("Discrepancies"), count: discrepancies.length, warn: discrepancies.length },
        ];
    }

    get listed() {
        const text = this.state.filter.trim().toLowerCase();
        return this.state.rows.filter(
            (row) =>
                (this.state.tab === "all" || !row.complete) &&
                (!text || `${row.product} ${row.numbers.join(" ")}`.toLowerCase().includes(text))
        );
    }

    get moreText() {
        return _t("and %s more: type in the filter to find one", this.listed.length - ROWS_SHOWN);
    }
}

registry.category("actions").add("med_scan_action", ScanAction);
