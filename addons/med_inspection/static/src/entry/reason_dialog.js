import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";

/** Why is a recorded value another one? Three usual answers have a key each; others are typed. */
export class ReasonDialog extends Component {
    static template = "med_inspection.ReasonDialog";
    static components = { Dialog };
    static props = { title: String, was: String, now: String, confirm: Function, close: Function };

    setup() {
        this.state = useState({ reason: "" });
        useAutofocus({ refName: "reason" });
        this.usual = [_t("Typing error"), _t("Wrong unit or place"), _t("Misread")];
    }

    confirm(reason = this.state.reason.trim()) {
        if (reason) {
            this.props.confirm(reason);
            this.props.close();
        }
    }

    onKeydown(ev) {
        const usual = !this.state.reason && this.usual[Number(ev.key) - 1];
        if (ev.key === "Enter" || usual) {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm(usual || undefined);
        }
    }
}

/** A second test of what failed: what may have gone wrong in measuring, and the second value. */
export class RetestDialog extends Component {
    static template = "med_inspection.RetestDialog";
    static components = { Dialog };
    static props = {
        cell: Object, record: String, title: String, limits: String, confirm: Function, close: Function,
    };

    setup() {
        this.state = useState({ value: "", cause: "", error: "", busy: false });
        useAutofocus({ refName: "first" });
    }

    get isCheck() {
        return this.props.cell.characteristic.kind === "check";
    }

    get isReady() {
        const { value, cause, busy } = this.state;
        return Boolean(!busy && value.trim() && (this.props.record || cause.trim()));
    }

    async confirm() {
        if (this.isReady) {
            this.state.busy = true;
            this.state.error = await this.props.confirm(this.state.value.trim(), this.state.cause.trim());
            this.state.busy = false;
            if (!this.state.error) {
                this.props.close();
            }
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && this.isReady) {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        }
    }
}

/** One sentence that says why. */
export class ConclusionDialog extends Component {
    static template = "med_inspection.ConclusionDialog";
    static components = { Dialog };
    static props = { title: String, label: String, confirm: Function, close: Function };

    setup() {
        this.state = useState({ text: "" });
        useAutofocus({ refName: "text" });
    }

    confirm() {
        const text = this.state.text.trim();
        if (text) {
            this.props.confirm(text);
            this.props.close();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.confirm();
        }
    }
}
