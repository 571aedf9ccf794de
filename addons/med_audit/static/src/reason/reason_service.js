import { WarningDialog } from "@web/core/errors/error_dialogs";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { ReasonDialog } from "./reason_dialog";

const REQUIRED = "odoo.addons.med_audit.exceptions.ReasonRequired";

/**
 * Repeats a call that was refused for want of a reason, with the reason that the user gives.
 *
 * It stands around every call of the client, so a button, a list edit or a drag in a kanban view
 * asks as a form does. Calls that are refused while the dialog is open share its answer.
 */
export const reasonService = {
    dependencies: ["dialog"],
    start(env, { dialog }) {
        const call = rpc._rpc;
        let asking = null;

        function ask({ label, count, fields }) {
            asking ??= new Promise((resolve) => {
                let answer = "";
                dialog.add(
                    ReasonDialog,
                    { label, count, fields, confirm: (reason) => (answer = reason) },
                    { onClose: () => resolve(answer) }
                );
            }).finally(() => (asking = null));
            return asking;
        }

        rpc._rpc = function (url, params, settings) {
            const first = call(url, params, settings);
            let current = first;
            const promise = first.catch(async (error) => {
                if (error.exceptionName !== REQUIRED || !params?.kwargs) {
                    throw error;
                }
                const reason = await ask(error.data.context);
                if (!reason) {
                    throw error;
                }
                const context = { ...params.kwargs.context, med_reason: reason };
                const kwargs = { ...params.kwargs, context };
                current = call(url, { ...params, kwargs }, settings);
                return current;
            });
            promise.abort = (rejectError) => current.abort(rejectError);
            return promise;
        };
    },
};

registry.category("services").add("med_audit_reason", reasonService);
registry.category("error_dialogs").add(REQUIRED, WarningDialog); // when the question is cancelled
