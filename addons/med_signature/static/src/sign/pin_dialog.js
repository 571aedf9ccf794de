import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Lets a person set the own signing PIN. */
export class PinDialog extends Component {
    static template = "med_signature.PinDialog";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ secret: "", code: "", pin: "", again: "", badge: "", error: "" });
    }

    async confirm() {
        const { secret, code, pin, again, badge } = this.state;
        if (pin !== again) {
            this.state.error = _t("The two PINs differ.");
            return;
        }
        try {
            await this.orm.call("med.signature.secret", "med_set_pin", [], {
                pin, secret, code, badge,
            });
        } catch (error) {
            this.state.error = error.data?.message || error.message;
            return;
        }
        this.props.close();
        this.notification.add(_t("Your signing PIN is set."), { type: "success" });
    }
}

registry.category("actions").add("med_signature.set_pin", (env) => {
    env.services.dialog.add(PinDialog);
});
