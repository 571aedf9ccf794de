import { Component, onWillStart } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";

/** The changes after first entry in the records of a batch, to be read and confirmed. */
export class TrailDialog extends Component {
    static template = "med_release.TrailDialog";
    static components = { Dialog };
    static props = { release: Number, onReviewed: Function, close: Function };

    setup() {
        this.orm = useService("orm");
        onWillStart(async () => {
            this.answer = await this.orm.call("med.release", "trail", [[this.props.release]]);
        });
    }

    time(text) {
        return text.replace("T", " ").slice(0, 16);
    }

    async confirm() {
        await this.orm.call("med.release", "review_trail", [[this.props.release]], {
            digest: this.answer.digest,
        });
        this.props.close();
        await this.props.onReviewed();
    }
}
