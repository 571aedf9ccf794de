import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { AskDialog } from "@med_signature/sign/ask_dialog";
import { useService } from "@web/core/utils/hooks";
import { DayPage } from "@med_traceability/day/day_page";
import { beep } from "@med_traceability/common/sound";

/** The operator's station: one order, and in their order the things to do at it. */
export class StationPage extends DayPage {
    static template = "med_inspection.StationPage";
    static page = "station";
    static path = "med-station";
    static displayName = _t("Station");

    setup() {
        super.setup();
        this.dialog = useService("dialog");
    }

    initial() {
        return { order: Number(this.props.action.params?.order) || 0, found: null };
    }

    args() {
        return { order: this.state.order, found: [...(this.state.found || [])] };
    }

    get order() {
        return this.state.answer.order;
    }

    get orders() {
        const { found, answer } = this.state;
        return found ? answer.orders.filter((row) => found.has(row.id)) : answer.orders;
    }

    get left() {
        return this.order.steps.filter((step) => !step.done).length;
    }

    choose(id, found = null) {
        Object.assign(this.state, { order: id, found: found && new Set(found), told: "" });
        return this.load();
    }

    /** An order by its number or its lot; several are shown to choose from. */
    async scanned(code) {
        const { found, message } = await this.orm.call("med.day", "find", [], { page: "station", code });
        if (found.length === 1) {
            beep("ok");
            return this.choose(found[0]);
        }
        if (found.length) {
            await this.choose(0, found);
        }
        this.state.told = message || _t("%s documents are about it: choose one.", found.length);
        beep(found.length ? "warn" : "error");
    }

    enter(step) {
        return this.action.doAction({
            type: "ir.actions.client", tag: "med_inspection.entry", name: step.name,
            params: { inspection: step.id },
        });
    }

    parts() {
        return this.action.doAction("med_traceability.med_parts_action", {
            additionalContext: { active_model: "mrp.production", active_id: this.order.id },
        });
    }

    async work(step, method) {
        await this.orm.call("mrp.workorder", method, [[step.id]]);
        return this.load();
    }

    wrong() {
        this.dialog.add(AskDialog, {
            title: _t("What is wrong?"), model: "mrp.production", records: [this.order.id],
            method: "med_wrong", onDone: () => this.load(),
        });
    }

    mark(step) {
        return {
            o_med_day_ready: step.done && !step.failed,
            o_med_day_late: step.failed || step.state === "rejected",
        };
    }
}

registry.category("actions").add("med_inspection.station", StationPage);
