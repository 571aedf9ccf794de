import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { askPasskey } from "./passkey";

/** Shows what is signed, its digest and meaning, asks for credentials, and signs. */
export class SignDialog extends Component {
    static template = "med_signature.SignDialog";
    static components = { Dialog };
    static props = {
        model: String, records: Array, close: Function, onSigned: Function,
        transition: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            preview: null, step: "", second: false, method: "password",
            login: "", secret: "", code: "", reason: "", error: "", busy: false,
        });
        onWillStart(() => this.load());
    }

    async load() {
        const preview = await this.orm.call(this.props.model, "med_sign_preview", [
            this.props.records,
        ]);
        const steps = this.steps(preview);
        const wanted = steps.find((step) => step.transition === this.props.transition);
        Object.assign(this.state, { preview, step: (wanted || steps[0])?.key || "" });
        this.state.method = preview.methods[0];
    }

    /** The steps that are open for every record shown. */
    steps(preview) {
        const [first, ...rest] = preview.records.map((record) =>
            record.steps.map((step) => ({ ...step, key: `${step.transition}/${step.meaning}` }))
        );
        return (first || []).filter((step) =>
            rest.every((others) => others.some((other) => other.key === step.key))
        );
    }

    get step() {
        return this.steps(this.state.preview).find((step) => step.key === this.state.step);
    }

    /** The same step of one record, with the digest of that record. */
    stepOf(record) {
        const { transition, meaning } = this.step;
        return record.steps.find(
            (one) => one.transition === transition && one.meaning === meaning
        );
    }

    get methods() {
        const labels = {
            password: _t("Password"),
            passkey: _t("Passkey"),
            pin: _t("Badge and PIN"),
        };
        const found = new Set(this.state.preview.methods);
        if (this.state.second) {
            found.add("pin");
        }
        return [...found].map((value) => ({ value, label: labels[value] }));
    }

    get loginNeeded() {
        return (
            this.state.second || this.state.preview.login_needed || this.state.method === "pin"
        );
    }

    get codeNeeded() {
        return this.state.method === "password" && (this.state.second ||
            (this.state.preview.code_needed && this.loginNeeded));
    }

    get secretLabel() {
        return this.state.method === "pin" ? _t("PIN") : _t("Password");
    }

    async sign() {
        const { state } = this;
        const { transition, meaning } = this.step;
        Object.assign(state, { busy: true, error: "" });
        try {
            const secret = state.method === "passkey" ? await askPasskey() : state.secret;
            await this.orm.call(this.props.model, "med_sign", [this.props.records], {
                meaning, transition, secret,
                login: this.loginNeeded ? state.login : "",
                reason: state.reason,
                code: this.codeNeeded ? state.code : "",
                by: state.method,
                second: state.second,
                digests: state.preview.records.map((record) => this.stepOf(record).digest),
            });
        } catch (error) {
            Object.assign(state, {
                busy: false, secret: "", code: "",
                error: error.data?.message || error.message,
            });
            return;
        }
        this.props.close();
        this.props.onSigned();
    }
}

registry.category("actions").add("med_signature.sign", (env, action) => {
    // of a button: params; of the list's Actions menu: what is ticked
    const model = action.params?.model || action.context.active_model;
    const records = action.params?.records || action.context.active_ids;
    env.services.dialog.add(SignDialog, {
        model,
        records,
        transition: action.params?.transition,
        onSigned: () => {
            env.services.notification.add(_t("Signed."), { type: "success" });
            env.services.action.doAction({ type: "ir.actions.client", tag: "soft_reload" });
        },
    });
});
