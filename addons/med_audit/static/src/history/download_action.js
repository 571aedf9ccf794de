import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/** Fetch a copy of the trail and close the dialog that asked for it. */
async function downloadAction(env, action) {
    const { form, ...data } = action.params;
    await env.services.ui.block();
    try {
        await download({ url: `/med/audit.${form}`, data });
    } finally {
        env.services.ui.unblock();
    }
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("med_audit.download", downloadAction);
