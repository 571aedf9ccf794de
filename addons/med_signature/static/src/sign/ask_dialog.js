import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Asks for a reason and calls a method that takes one. */
export class AskDialog extends Component {
    static template = "med_signature.AskDialog";
    static components = { Dialog };
    static props = {
        title: String, model: String, records: Array, method: String, close: Function,
        arguments: { type: Object, optional: true },
        onDone: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ reason: "", error: "" });
    }

    async confirm() {
        const { model, method, records, close, onDone } = this.props;
        try {
            await this.orm.call(model, method, [records], {
                ...this.props.arguments,
                reason: this.state.reason,
            });
        } catch (error) {
            this.state.error = error.data?.message || error.message;
            return;
        }
        close();
        onDone();
    }
}

registry.category("actions").add("med_signature.ask", (env, action) => {
    env.services.dialog.add(AskDialog, {
        ...action.params,
        onDone: () =>
            env.services.action.doAction({ type: "ir.actions.client", tag: "soft_reload" }),
    });
});
