import { onMounted, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { kanbanView } from "@web/views/kanban/kanban_view";

const EVERY = 30_000;

/** The state of the exchange, read anew every half minute while somebody can see it. */
export class MonitorKanbanController extends kanbanView.Controller {
    setup() {
        super.setup();
        let timer;
        onMounted(() => {
            timer = setInterval(() => this.readAgain(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }

    async readAgain() {
        if (document.hidden) {
            return;
        }
        try {
            await this.model.root.load();
        } catch {
            // The client says by itself that the server does not answer; the next round tries again.
        }
    }
}

registry.category("views").add("med_exchange_monitor_kanban", {
    ...kanbanView,
    Controller: MonitorKanbanController,
});
