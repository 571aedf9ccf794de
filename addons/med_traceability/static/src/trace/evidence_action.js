import { registry } from "@web/core/registry";
import { browser } from "@web/core/browser/browser";

/**
 * Open the evidence file of the active lots in a tab of its own.
 *
 * @param {Object} env
 * @param {{params: {file: string}, context: Object}} action `file` is "evidence.pdf" or
 *  "evidence.json"
 */
export function openEvidence(env, { params, context }) {
    const ids = context.active_ids || [context.active_id];
    browser.open(`/med/${params.file}?lot_ids=${ids.join(",")}`, "_blank");
}

registry.category("actions").add("med_traceability.evidence", openEvidence);
