import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { DayPage } from "./day_page";

/** Today's receipts, picks and check-outs: the late ones first, each one tap from scanning. */
export class WarehousePage extends DayPage {
    static template = "med_traceability.WarehousePage";
    static page = "warehouse";
    static path = "med-day-warehouse";
    static displayName = _t("Warehouse Today");

    initial() {
        return { tab: "", found: null };
    }

    get titles() {
        return {
            incoming: [_t("Receipts"), "fa-sign-in"],
            internal: [_t("Picks and transfers"), "fa-exchange"],
            outgoing: [_t("Check-outs"), "fa-sign-out"],
        };
    }

    /** Groups of the chosen tile; of a scan only what it is about. */
    get groups() {
        const { found, tab, answer } = this.state;
        return answer.groups
            .filter((group) => found || !tab || group.key === tab)
            .map((group) => ({
                ...group,
                rows: found ? group.rows.filter((row) => found.has(row.id)) : group.rows,
            }))
            .filter((group) => group.rows.length);
    }

    show(tab) {
        Object.assign(this.state, { tab: this.state.tab === tab ? "" : tab, found: null, told: "" });
    }

    scanned(code) {
        return this.find(code);
    }

    leftOutText(group) {
        return _t("and %s more in the list of transfers", group.left_out);
    }

    linesText(row) {
        return _t("%(lines)s lines, %(products)s products", row);
    }

    openAll() {
        return this.action.doAction("stock.action_picking_tree_all");
    }
}

registry.category("actions").add("med_traceability.day_warehouse", WarehousePage);
