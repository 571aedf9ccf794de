import { formatDate, formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const { DateTime } = luxon;

/**
 * Human name of a kind of genealogy event.
 *
 * @param {string} kind
 * @returns {string} the kind itself when it is one this client does not know
 */
export function kindLabel(kind) {
    const labels = {
        receipt: _t("Receipt"),
        return: _t("Return from a consignee"),
        delivery: _t("Delivery"),
        vendor_return: _t("Return to a supplier"),
        transfer: _t("Transfer between companies"),
        scrap: _t("Scrap"),
        adjustment: _t("Inventory adjustment"),
        manufacture: _t("Manufacture"),
        subcontract: _t("Outsourced processing"),
        unbuild: _t("Unbuild"),
        repair: _t("Repair: part fitted"),
        removal: _t("Repair: part removed"),
        repack: _t("Repack"),
        relabel: _t("Relabel"),
        split: _t("Split"),
        merge: _t("Merge"),
        production: _t("Consumption or production without an order"),
    };
    return labels[kind] || kind;
}

/**
 * Human name of a lot's state; an addon that knows more states patches `STATES`.
 *
 * @param {string} state
 * @returns {string} "" for no particular state
 */
export function stateLabel(state) {
    return STATES[state]?.() || state;
}

/** state → function that returns its name */
export const STATES = {
    expired: () => _t("Expired"),
};

/**
 * @param {number} value
 * @param {string} [uom]
 * @returns {string} "3.2 kg": no trailing zeros, at most six decimals
 */
export function quantity(value, uom) {
    const text = formatFloat(value || 0, { digits: [16, 6], trailingZeros: false });
    return uom ? _t("%(quantity)s %(unit)s", { quantity: text, unit: uom }) : text;
}

/**
 * Sum of rows by unit of measure, since kilograms and units do not add up.
 *
 * @param {{uom: string}[]} rows
 * @param {string} field
 * @returns {string} "8 Units, 3.2 kg"
 */
export function quantityByUnit(rows, field) {
    const sums = new Map();
    for (const row of rows) {
        sums.set(row.uom, (sums.get(row.uom) || 0) + row[field]);
    }
    return [...sums].map(([uom, sum]) => quantity(sum, uom)).join(", ") || quantity(0);
}

/**
 * @param {string} iso "2026-01-31T08:15:00Z", "2026-01-31" or ""
 * @returns {string} in the user's own format and time zone
 */
export function day(iso) {
    return iso ? formatDate(DateTime.fromISO(iso)) : "";
}

/**
 * @param {string} iso
 * @returns {string} date and time without seconds
 */
export function moment(iso) {
    const format = `${localization.dateFormat} ${localization.timeFormat.replace(":ss", "")}`;
    return iso ? formatDateTime(DateTime.fromISO(iso), { format }) : "";
}

/**
 * @param {string} kind "lot", "serial" or "pool"
 * @returns {string} icon class
 */
export function lotIcon(kind) {
    return { serial: "fa-barcode", pool: "fa-tint" }[kind] || "fa-cubes";
}

/**
 * Window action on one record of any document of a trace.
 *
 * @param {string} model
 * @param {number} id
 */
export function documentAction(model, id) {
    return {
        type: "ir.actions.act_window",
        res_model: model,
        res_id: id,
        views: [[false, "form"]],
        target: "current",
    };
}
