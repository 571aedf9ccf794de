/**
 * Blocks of values: what a spreadsheet puts on the clipboard, and what a file holds. Plain data in,
 * plain data out.
 */

/**
 * Read the text of a copied range: tabs between cells, quotes around cells that hold either.
 *
 * @param {string} text
 * @returns {string[][]} rows of trimmed cells
 */
export function parseBlock(text) {
    const rows = [[]];
    let cell = "";
    let quoted = false;
    for (let at = 0; at < text.length; at++) {
        const sign = text[at];
        if (quoted) {
            if (sign === '"' && text[at + 1] === '"') {
                cell += '"';
                at++;
            } else if (sign === '"') {
                quoted = false;
            } else {
                cell += sign;
            }
        } else if (sign === '"' && !cell) {
            quoted = true;
        } else if (sign === "\t") {
            rows.at(-1).push(cell.trim());
            cell = "";
        } else if (sign === "\n" || sign === "\r") {
            at += sign === "\r" && text[at + 1] === "\n";
            rows.at(-1).push(cell.trim());
            rows.push([]);
            cell = "";
        } else {
            cell += sign;
        }
    }
    rows.at(-1).push(cell.trim());
    while (rows.length && rows.at(-1).every((one) => !one)) {
        rows.pop();
    }
    return rows;
}

/** Whether a clipboard text is more than one cell. */
export function isBlock(text) {
    return /[\t\n\r]./.test(text.trimEnd());
}

/**
 * Lay a block over the table, its first cell on a place.
 *
 * @param {string[][]} rows
 * @param {{row: number, column: number}} start
 * @param {(row: number, column: number) => Object|null} cellAt null beyond the table and where no
 *  value is asked
 * @returns {{values: {cell: Object, text: string}[], outside: number}} how many cells fell outside
 */
export function placeBlock(rows, start, cellAt) {
    const values = [];
    let outside = 0;
    rows.forEach((cells, down) => {
        cells.forEach((text, across) => {
            if (!text) {
                return;
            }
            const cell = cellAt(start.row + down, start.column + across);
            if (cell) {
                values.push({ cell, text });
            } else {
                outside++;
            }
        });
    });
    return { values, outside };
}

const folded = (text) => text.trim().toLowerCase();

/**
 * Lay a table with headings over the sheet: the first column names units, each other column a
 * characteristic by its key or its name, "length #2" its second reading.
 *
 * @param {string[][]} rows the headings first
 * @param {Object[]} columns `{ characteristic, place }` of the sheet
 * @param {(unit: string, key: string, place: number) => Object|null} cellOf
 * @returns {{values: {cell: Object, text: string}[], columns: string[], units: string[]}} and the
 *  headings and units that are none of this inspection's
 */
export function placeTable(rows, columns, cellOf) {
    const [headings = [], ...body] = rows;
    const byHeading = new Map();
    for (const { characteristic, place } of columns) {
        for (const text of [characteristic.name, characteristic.key]) {
            const names = [`${text} #${place + 1}`, `${text}#${place + 1}`];
            for (const name of place ? names : [text, ...names]) {
                byHeading.set(folded(name), { key: characteristic.key, place });
            }
        }
    }
    const targets = headings.map((heading) => byHeading.get(folded(heading)));
    const values = [];
    const unknown = new Set();
    for (const [unit = "", ...cells] of body) {
        cells.forEach((text, index) => {
            const target = targets[index + 1];
            if (!text || !target) {
                return;
            }
            const cell = cellOf(unit.trim(), target.key, target.place);
            if (cell) {
                values.push({ cell, text });
            } else {
                unknown.add(unit);
            }
        });
    }
    return {
        values,
        units: [...unknown],
        columns: headings.slice(1).filter((heading, index) => heading && !targets[index + 1]),
    };
}

/**
 * What a person or a machine writes for a check.
 *
 * @param {string} text
 * @returns {string} "pass", "fail", or the text itself
 */
export function readCheck(text) {
    const word = folded(text);
    if (["pass", "p", "ok", "1", "y", "yes", "true", "合格", "√", "✓"].includes(word)) {
        return "pass";
    }
    if (["fail", "f", "ng", "nok", "0", "n", "no", "false", "不合格", "×", "✗", "x"].includes(word)) {
        return "fail";
    }
    return text.trim();
}
