import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { beep } from "../common/sound";
import { restoreSeparators } from "../scan/separators";

const LABEL_FIELDS = ["sequence", "name", "hri", "due", "scanned"];

/** Prove a roll of printed labels: scan the first one, the last one and those that are named. */
export class LabelProofAction extends Component {
    static template = "med_traceability.LabelProofAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-label-proof";
    static displayName = _t("Prove labels");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.inputRef = useRef("input");
        this.queue = [];
        this.state = useState({ job: null, labels: [], code: "", feedback: null, busy: false, log: [] });
        useBus(useService("barcode").bus, "barcode_scanned", ({ detail }) =>
            this.scan(restoreSeparators(detail.barcode))
        );
        useExternalListener(document, "focusout", () => browser.setTimeout(() => this.focus(), 50));
        onWillStart(() => this.load());
    }

    get jobId() {
        const { context, params } = this.props.action;
        return Number(context.job_id || params?.job_id) || 0;
    }

    get due() {
        return this.state.labels.reduce((sum, label) => sum + label.due, 0);
    }

    focus() {
        const active = document.activeElement;
        const busy = active && active.matches("input, select, textarea");
        if (!busy && !document.querySelector(".o_dialog") && this.inputRef.el) {
            this.inputRef.el.focus();
        }
    }

    async load() {
        if (!this.jobId) {
            return;
        }
        const fields = ["name", "state", "product_id", "template_id", "printed_quantity", "preview"];
        const [[job], labels] = await Promise.all([
            this.orm.read("med.label.job", [this.jobId], fields),
            this.orm.searchRead(
                "med.label",
                [["job_id", "=", this.jobId], "|", ["due", ">", 0], ["scanned", ">", 0]],
                LABEL_FIELDS,
                { order: "sequence", limit: 200 }
            ),
        ]);
        Object.assign(this.state, { job, labels });
        this.props.updateActionState({ job_id: this.jobId });
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || (ev.key === "Tab" && this.state.code)) {
            ev.preventDefault();
            const code = this.state.code;
            this.state.code = "";
            this.scan(code);
        }
    }

    scan(code) {
        if (code.trim()) {
            this.queue.push(code);
            this.work();
        }
    }

    async work() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            while (this.queue.length && ["printed", "proved"].includes(this.state.job.state)) {
                await this.take(this.queue.shift());
            }
        } finally {
            this.queue = [];
            this.state.busy = false;
        }
    }

    async take(code) {
        const answer = await this.orm.call("med.label.job", "scan", [[this.jobId]], { code });
        await this.load();
        const type = answer.matches ? "ok" : "error";
        this.state.feedback = { type, text: answer.message };
        this.state.log.unshift({ id: this.state.log.length, type, text: answer.label || code });
        beep(type);
    }

    openJob() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "med.label.job",
            res_id: this.jobId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("med_label_proof", LabelProofAction);
