import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/** Take the file of a print, once, and show the job as it is then. */
async function labelFile(env, action) {
    const { file, job, entry } = action.params;
    await download({ url: `/med/label.${file}`, data: { job, entry } });
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("med_label_file", labelFile);
