import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { documentAction, kindLabel, moment, quantity } from "../common/labels";

const PAGE = 100;
const LOTS = 200;

/**
 * The account of lots: in − out = on hand. What does not balance stands first and in words.
 *
 * Of the active lots, or of `params.lot_ids` ("1,2").
 */
export class BalanceAction extends Component {
    static template = "med_traceability.BalanceAction";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static path = "med-balance";
    static displayName = _t("Balance");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ lots: [], open: 0, shown: PAGE, loaded: false });
        onWillStart(() => this.load());
        Object.assign(this, { kindLabel, moment, quantity, LOTS });
    }

    async load() {
        const { context, params } = this.props.action;
        let ids = context.active_ids || (context.active_id ? [context.active_id] : []);
        if (!ids.length || context.active_model !== "stock.lot") {
            ids = String(params?.lot_ids || "").split(",").map(Number).filter(Boolean);
        }
        if (ids.length) {
            const { lots } = await this.orm.call("stock.lot", "med_balance", [ids]);
            this.state.lots = lots.sort((a, b) => a.balanced - b.balanced);
            this.state.open = lots.length ? lots[0].lot_id : 0;
            this.props.updateActionState({ lot_ids: ids.join(",") });
        }
        this.state.loaded = true;
    }

    get lot() {
        return this.state.lots.find((lot) => lot.lot_id === this.state.open);
    }

    get moreText() {
        return _t("and %s more", this.state.lots.length - LOTS);
    }

    get unbalanced() {
        return this.state.lots.filter((lot) => !lot.balanced).length;
    }

    get headline() {
        const count = this.unbalanced;
        if (!count) {
            return _t("All %s lots balance.", this.state.lots.length);
        }
        return _t("%(count)s of %(all)s lots do not balance. They stand first.", {
            count, all: this.state.lots.length,
        });
    }

    /** The columns of one side with an amount, and the share of the larger side each has. */
    side(lot, columns) {
        const whole = Math.max(lot.in_total, lot.out_total + Math.max(lot.on_hand, 0)) || 1;
        return columns
            .filter(([key]) => lot[key])
            .map(([key, label]) => ({
                key, label, amount: lot[key], share: (100 * Math.abs(lot[key])) / whole,
            }));
    }

    get ins() {
        return this.side(this.lot, [
            ["received", _t("Received from suppliers")],
            ["made", _t("Made")],
            ["recovered", _t("Recovered: unbuild, repair, repack")],
            ["returned", _t("Returned by consignees")],
            ["transferred_in", _t("Transferred in from another company")],
            ["gained", _t("Gained in inventory adjustments")],
        ]);
    }

    get outs() {
        return this.side(this.lot, [
            ["consumed", _t("Consumed in production")],
            ["shipped", _t("Shipped to consignees")],
            ["vendor_returned", _t("Returned to suppliers")],
            ["transferred_out", _t("Transferred out to another company")],
            ["scrapped", _t("Scrapped")],
            ["lost", _t("Lost in inventory adjustments")],
        ]);
    }

    get expected() {
        return this.lot.in_total - this.lot.out_total;
    }

    get verdict() {
        const { lot } = this;
        if (lot.balanced) {
            return _t("The lot balances.");
        }
        return lot.difference > 0
            ? _t("%s should be here and is not: no posting explains where it went.", quantity(lot.difference, lot.uom))
            : _t("%s is here that no posting explains.", quantity(-lot.difference, lot.uom));
    }

    /** Postings in the order of time, each with what should be on hand after it. */
    get postings() {
        let sum = 0;
        return this.lot.postings.map((posting) => {
            sum += posting.side === "out" ? posting.quantity : -posting.quantity;
            return { ...posting, sum: Math.round(sum * 1e6) / 1e6 };
        });
    }

    open(lot) {
        Object.assign(this.state, { open: lot.lot_id, shown: PAGE });
    }

    openDocument(posting) {
        return this.action.doAction(documentAction(posting.model, posting.res_id));
    }

    openLot() {
        return this.action.doAction(documentAction("stock.lot", this.lot.lot_id));
    }

    trace() {
        const lot_id = this.lot.lot_id;
        return this.action.doAction("med_traceability.med_trace_action", {
            additionalContext: { active_model: "stock.lot", active_id: lot_id, active_ids: [lot_id] },
        });
    }
}

registry.category("actions").add("med_traceability.balance", BalanceAction);
