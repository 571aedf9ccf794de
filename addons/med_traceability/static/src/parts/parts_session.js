/**
 * What the screen knows about the parts of one order, and what a scanned code means there. Plain
 * data in, plain data out: no component, no translation, no server.
 */

const EPSILON = 1e-6;

export class PartsSession {
    /** @param {Object} answer of mrp.production.med_parts */
    constructor(answer) {
        this.production = answer.production;
        this.units = answer.units;
        this.available = answer.available;
        this.currentId = 0;
        this.suggest();
    }

    get current() {
        return this.units.find((unit) => unit.lot_id === this.currentId);
    }

    get openUnits() {
        return this.units.filter((unit) => !unit.complete);
    }

    get complete() {
        return this.units.length - this.openUnits.length;
    }

    /** Parts that are in the order and in no unit yet. */
    get unassigned() {
        return this.available.filter((part) => part.unassigned > EPSILON);
    }

    /** The next open unit after the current one, in order, and again from the top. */
    suggest() {
        const at = this.units.findIndex((unit) => unit.lot_id === this.currentId);
        const next = [...this.units.slice(at + 1), ...this.units.slice(0, at + 1)];
        this.currentId = next.find((unit) => !unit.complete)?.lot_id || 0;
        return this.current;
    }

    openNeeds(unit) {
        return unit ? unit.needs.filter((need) => need.recorded < need.quantity - EPSILON) : [];
    }

    /**
     * What a code means: a part that the current unit still needs comes first, then a unit, then
     * any part of the order.
     *
     * @param {string} code
     * @returns {{kind: "unit", unit: Object} | {kind: "part", part: Object, quantity: number}
     *  | {kind: "choose", parts: Object[]} | {kind: "unknown"}}
     */
    read(code) {
        const parts = this.available.filter((part) => part.name === code);
        const unit = this.units.find((one) => one.name === code);
        const needed = new Set(this.openNeeds(this.current).map((need) => need.product_id));
        const fitting = parts.filter((part) => needed.has(part.product_id));
        if (fitting.length > 1) {
            return { kind: "choose", parts: fitting };
        }
        if (fitting.length === 1) {
            return { kind: "part", part: fitting[0], quantity: this.quantityFor(fitting[0]) };
        }
        if (unit) {
            return { kind: "unit", unit };
        }
        if (parts.length > 1) {
            return { kind: "choose", parts };
        }
        if (parts.length === 1) {
            return { kind: "part", part: parts[0], quantity: this.quantityFor(parts[0]) };
        }
        return { kind: "unknown" };
    }

    /** What the current unit lacks of this part's product, as far as the part reaches; at least 1. */
    quantityFor(part) {
        const need = this.openNeeds(this.current).find((one) => one.product_id === part.product_id);
        const lacking = need ? need.quantity - need.recorded : 1;
        return part.unassigned > EPSILON ? Math.min(lacking, part.unassigned) : lacking;
    }

    /** Note what the server recorded, so that a scan costs no second question. */
    recorded(unit, part, quantity, openNames) {
        part.unassigned = Math.max(0, part.unassigned - quantity);
        const need = unit.needs.find((one) => one.product_id === part.product_id);
        if (need) {
            need.recorded += quantity;
        }
        unit.parts.push({
            link_id: 0, lot_id: part.lot_id, name: part.name, product_id: part.product_id,
            product: part.product, quantity, source: "scan", user: "", date: "",
        });
        unit.complete = !openNames.includes(unit.name);
    }
}
