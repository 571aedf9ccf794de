import { readCheck } from "./block";
import { isNumeric, judge, readNumber } from "./judge";

/**
 * The sheet of an inspection as the page holds it: units × characteristics, and what the server
 * said of each value. Plain data in, plain data out: no component, no translation, no server.
 */

export const LOT = "";

/** Name of a place: characteristic, unit, and which of several readings. */
export function placeKey(characteristic, unit, place) {
    return JSON.stringify([characteristic, unit, place]);
}

/** Where a place stands in a list; by its name, since a component has its own view of each. */
const indexOf = (cells, cell) => cells.findIndex((one) => one.key === cell.key);

/** A characteristic of the server's answer, in the form in which values are judged. */
export function readCharacteristic(row) {
    const lacks = (value) => value === "" || value === null || value === undefined || value === false;
    return {
        ...row,
        lower: lacks(row.lower) ? "" : row.lower,
        upper: lacks(row.upper) ? "" : row.upper,
        uom: row.uom || "",
        decimals: lacks(row.decimals) ? null : Number(row.decimals),
        expected: row.expected || [],
        defects: row.defects || [],
        readings: row.readings || 1,
        numeric: isNumeric({
            kind: row.kind, record_only: row.record_only,
            lower: row.lower || "", upper: row.upper || "",
        }),
    };
}

export class EntrySheet {
    /**
     * @param {Object} answer of med.inspection.sheet
     * @param {string} [decimalPoint] of the user's language
     */
    constructor(answer, decimalPoint = ".") {
        this.decimalPoint = decimalPoint;
        this.characteristics = answer.characteristics.map(readCharacteristic);
        this.byKey = new Map(this.characteristics.map((one) => [one.key, one]));
        this.units = answer.samples.map((sample) => sample.unit);
        this.classes = new Map(answer.samples.map((sample) => [sample.unit, sample.classes]));
        this.columns = [];
        this.cells = new Map();
        const lot = [];
        for (const one of this.characteristics) {
            for (let place = 0; place < one.readings; place++) {
                (one.scope === "lot" ? lot : this.columns).push({ characteristic: one, place });
            }
        }
        this.lotCells = lot.map(({ characteristic, place }) => this.add(characteristic, LOT, place));
        this.rows = this.units.map((unit) => ({
            unit,
            cells: this.columns.map(({ characteristic, place }) =>
                this.isAsked(characteristic, unit) ? this.add(characteristic, unit, place) : null
            ),
        }));
        this.load(answer.readings);
    }

    add(characteristic, unit, place) {
        const key = placeKey(characteristic.key, unit, place);
        const cell = {
            key, characteristic, unit, place,
            text: "", defects: [], uom: "", outcome: "missing", reason: "empty",
            readingId: 0, document: "", status: "", message: "", history: [], retests: [],
        };
        this.cells.set(key, cell);
        return cell;
    }

    /** Whether a unit was drawn for a class that the characteristic can find. */
    isAsked(characteristic, unit) {
        const found = new Set([
            characteristic.defect_class, ...characteristic.defects.map((defect) => defect.class),
        ]);
        return this.classes.get(unit).some((name) => found.has(name));
    }

    /** Take up readings as the server gives them, in the order in which they were entered. */
    load(readings) {
        const touched = [];
        for (const row of readings) {
            const cell = this.cells.get(placeKey(row.characteristic, row.unit || LOT, row.place));
            if (!cell) {
                continue;
            }
            touched.push(cell);
            const known = [...cell.history, ...cell.retests].find((one) => one.id === row.id);
            if (known) {
                Object.assign(known, row);
                if (cell.readingId !== row.id) {
                    continue;
                }
            } else {
                cell[row.retest_of ? "retests" : "history"].push(row);
            }
            if (!row.retest_of) {
                this.show(cell, row);
            }
        }
        return touched;
    }

    /** Put the value that stands into its place. */
    show(cell, row) {
        Object.assign(cell, {
            text: row.value, uom: row.uom === cell.characteristic.uom ? "" : row.uom || "", defects: [...(row.defects || [])],
            document: row.document || "", outcome: row.outcome, reason: row.reason || "",
            readingId: row.id, status: "saved", message: "",
        });
    }

    /** What the server has of a place; a value that is being typed goes back to it. */
    restore(cell) {
        const row = cell.history.at(-1);
        if (row) {
            this.show(cell, row);
        } else {
            Object.assign(cell, {
                text: "", uom: "", defects: [], outcome: "missing", reason: "empty", status: "",
                readingId: 0, message: "", document: "",
            });
        }
    }

    /**
     * What a text means in a place.
     *
     * @returns {{value: string, uom: string, defects: string[]}}
     */
    read(cell, text, defects = []) {
        const { characteristic } = cell;
        if (characteristic.kind === "check") {
            return { value: readCheck(text), uom: "", defects };
        }
        if (characteristic.numeric) {
            const { value, uom } = readNumber(text, this.decimalPoint);
            return { value, uom: uom === characteristic.uom ? "" : uom, defects: [] };
        }
        return { value: text.trim(), uom: "", defects: [] };
    }

    /** Whether a place has this value already. */
    isSame(cell, { value, uom, defects }) {
        return (
            cell.text === value && (cell.uom || cell.characteristic.uom) ===
                (uom || cell.characteristic.uom) &&
            [...cell.defects].sort().join() === [...defects].sort().join()
        );
    }

    /** Put a value into its place and judge it by what the page knows. */
    put(cell, { value, uom = "", defects = [], document = cell.document }) {
        const told = judge(cell.characteristic, {
            value, defects, document, uom: uom || cell.characteristic.uom,
        });
        Object.assign(cell, {
            text: value, uom, defects: [...defects], document, ...told, message: "",
        });
        return told;
    }

    /** Whether somebody must give a reason to change a place: a value of it was recorded. */
    isRecorded(cell) {
        return Boolean(cell.history.length);
    }

    //--- going from place to place ---

    /**
     * The places in the order in which one goes: those of the lot first, then unit by unit or
     * characteristic by characteristic.
     *
     * @param {"across"|"down"} direction
     */
    order(direction) {
        const cells = direction === "across"
            ? this.rows.flatMap((row) => row.cells)
            : this.columns.flatMap((_column, index) => this.rows.map((row) => row.cells[index]));
        return [...this.lotCells, ...cells.filter(Boolean)];
    }

    /** The place after one, or before; null at the end. `isWanted` leaves places out. */
    next(cell, direction, step = 1, isWanted = () => true) {
        const order = this.order(direction);
        for (let at = indexOf(order, cell) + step; at >= 0 && at < order.length; at += step) {
            if (isWanted(order[at])) {
                return order[at];
            }
        }
        return null;
    }

    /** The place so many rows and columns away that asks for a value; null beyond the table. */
    beside(cell, down, across) {
        const { row, column } = this.where(cell);
        if (row < 0) {
            const lot = this.lotCells[column + across];
            return lot || (down > 0 && this.firstOf(this.units[0])) || null;
        }
        for (let [y, x] = [row + down, column + across]; ; y += down, x += across) {
            if (y < 0 || x < 0 || y >= this.rows.length || x >= this.columns.length) {
                return y < 0 && this.lotCells.length ? this.lotCells.at(-1) : null;
            }
            if (this.rows[y].cells[x]) {
                return this.rows[y].cells[x];
            }
        }
    }

    where(cell) {
        if (cell.characteristic.scope === "lot") {
            return { row: -1, column: indexOf(this.lotCells, cell) };
        }
        return {
            row: this.units.indexOf(cell.unit),
            column: this.columns.findIndex((column) =>
                column.characteristic.key === cell.characteristic.key &&
                column.place === cell.place),
        };
    }

    /** The first place of a unit that still has no value, else its first. */
    firstOf(unit) {
        const cells = this.rows.find((row) => row.unit === unit)?.cells.filter(Boolean) || [];
        return cells.find((cell) => this.isOpen(cell)) || cells[0] || null;
    }

    /** Whether a place that must have a usable value has none. */
    isOpen(cell) {
        return cell.characteristic.required && !["pass", "fail", ""].includes(cell.outcome);
    }

    /** How many values are missing, unusable and outside. */
    count() {
        const found = { all: 0, missing: 0, failed: 0, invalid: 0 };
        for (const cell of this.cells.values()) {
            found.all += cell.characteristic.required;
            found.missing += cell.characteristic.required && cell.outcome === "missing";
            found.failed += cell.outcome === "fail";
            found.invalid += cell.outcome === "invalid";
        }
        return found;
    }

    cellOf(unit, key, place) {
        const lot = this.byKey.get(key)?.scope === "lot";
        return this.cells.get(placeKey(key, lot ? LOT : unit, place)) || null;
    }

    /** Whether a code is the serial or number of a drawn unit. */
    isUnit(code) {
        return this.classes.has(code.trim());
    }
}
