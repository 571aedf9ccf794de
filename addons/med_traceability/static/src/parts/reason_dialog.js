import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

/** Asks for a reason; cannot be confirmed without one. */
export class ReasonDialog extends Component {
    static template = "med_traceability.ReasonDialog";
    static components = { Dialog };
    static props = { title: String, body: String, confirm: Function, close: Function };

    setup() {
        this.state = useState({ reason: "", error: "", busy: false });
        useAutofocus({ refName: "reason" });
    }

    async confirm() {
        if (!this.state.reason.trim() || this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.state.error = await this.props.confirm(this.state.reason.trim());
        this.state.busy = false;
        if (!this.state.error) {
            this.props.close();
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }
}
