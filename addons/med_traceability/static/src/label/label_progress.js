import { Component, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const EVERY = 1500; // milliseconds

/** How many labels have been made and read back, while the server works on them. */
export class LabelProgress extends Component {
    static template = "med_traceability.LabelProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ done: this.props.record.data[this.props.name], total: 0 });
        this.alive = true;
        this.poll();
        onWillUnmount(() => {
            this.alive = false;
            browser.clearTimeout(this.timer);
        });
    }

    get percent() {
        return this.state.total ? Math.floor((100 * this.state.done) / this.state.total) : 0;
    }

    async poll() {
        const { record } = this.props;
        if (record.resId && record.data.state === "rendering") {
            const answer = await this.orm.silent.call("med.label.job", "rendering", [[record.resId]]);
            if (!this.alive) {
                return;
            }
            Object.assign(this.state, { done: answer.read_back, total: answer.labels });
            if (answer.state !== "rendering") {
                await record.load();
            }
        }
        if (this.alive) {
            this.timer = browser.setTimeout(() => this.poll(), EVERY);
        }
    }
}

registry.category("fields").add("med_label_progress", {
    component: LabelProgress,
    supportedTypes: ["integer"],
    fieldDependencies: [{ name: "state", type: "selection" }],
});
