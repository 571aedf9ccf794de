import { DOCUMENTS, ScanAction } from "@med_traceability/scan/scan_action";
import { documentAction, quantity } from "@med_traceability/common/labels";
import { beep } from "@med_traceability/common/sound";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

DOCUMENTS["med.checkout.review"] = "checkout_id";

/** The page that scans receipts and orders scans check-out reviews as well. */
patch(ScanAction.prototype, {
    setup() {
        super.setup();
        this.state.rest = 0;
    },

    /** Opened from a delivery, it is the review that is meant. */
    async start() {
        const id = Number(this.props.action.params?.checkout_id);
        return id ? this.load("med.checkout.review", id) : super.start();
    },

    get isReview() {
        return this.state.document.kind === "check";
    },

    get kindText() {
        return this.isReview
            ? _t("Check-out review of %s", this.state.document.origin)
            : super.kindText;
    },

    get finishText() {
        if (!this.isReview) {
            return super.finishText;
        }
        return this.state.document.signed ? _t("Close and sign") : _t("Close review");
    },

    get restText() {
        return _t("The other %s too", quantity(this.state.rest, this.state.last.uom));
    },

    /** An answer to a review brings all rows: a carton confirms several at once. */
    show(answer) {
        this.state.rest = answer.rest || 0;
        this.restPackages = answer.rest_packages;
        if (answer.rows?.length) {
            this.state.rows = answer.rows;
        } else {
            super.show(answer);
        }
    },

    /** Confirm, after counting, what is left of the lot that was scanned last. */
    confirmRest() {
        this.queue.push({
            code: this.state.last.hri, source: "typed", product_id: this.state.last.product_id,
            quantity: this.restPackages,
        });
        return this.work();
    },

    async finish() {
        if (!this.isReview) {
            return super.finish();
        }
        const { model, id, signed } = this.state.document;
        if (signed) {
            const sign = await this.orm.call(model, "action_med_sign", [[id]]);
            return this.action.doAction(sign, { onClose: () => this.openDocument() });
        }
        try {
            await this.orm.call(model, "med_transition", [[id]], { name: "record" });
        } catch (error) {
            beep("error");
            return this.tell("error", error.data?.message || _t("The server cannot be reached. Try again."));
        }
        beep("done");
        return this.openDocument();
    },

    openDocument() {
        return this.isReview
            ? this.action.doAction(documentAction("stock.picking", this.state.document.picking_id))
            : super.openDocument();
    },
});
