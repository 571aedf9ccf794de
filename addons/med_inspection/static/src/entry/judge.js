import { NumberError, compare, exact, isWhole, rounded } from "./decimal";

/**
 * What the page says of a value before the server has said it: the rules of `tools/reading.py`,
 * with the same codes. Where the page cannot know (another unit of measure, a file), it says
 * nothing: the outcome is "".
 */

const LIMITED = ["measured", "counted", "certificate"];

/** Full-width digits and points, as a Chinese input method types them, to those of a number. */
const WIDE = /[０-９．。＋－]/g;
const NARROW = { "．": ".", "。": ".", "＋": "+", "－": "-" };

/**
 * Tidy what was typed into a number field, without changing what it says.
 *
 * @param {string} text
 * @param {string} [decimalPoint] of the user's language: a lone "," is one only there
 * @returns {{value: string, uom: string}} "0.394 in" has its own unit of measure
 */
export function readNumber(text, decimalPoint = ".") {
    let value = text.trim().replace(WIDE, (sign) =>
        NARROW[sign] || String.fromCharCode(sign.charCodeAt(0) - 0xfee0)
    );
    if (decimalPoint === "," && /^[+-]?\d*,\d+(\s|$)/.test(value)) {
        value = value.replace(",", ".");
    }
    const [, number, uom] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*([^\d\s.,+-].*)$/.exec(value) || [];
    return number ? { value: number, uom: uom.trim() } : { value, uom: "" };
}

/** Whether values of a characteristic are numbers. */
export function isNumeric(one) {
    return (
        ["measured", "counted"].includes(one.kind) ||
        (one.kind === "certificate" && (one.record_only || one.lower !== "" || one.upper !== ""))
    );
}

/**
 * @param {Object} one characteristic; `lower`, `upper` texts, "" for none; `decimals` null for none
 * @param {Object} reading `{ value, uom, defects }`
 * @returns {{outcome: ""|"pass"|"fail"|"missing"|"invalid", reason: string}}
 */
export function judge(one, { value, uom = one.uom, defects = [], document = "" }) {
    if (["picture", "certificate"].includes(one.kind) && !document) {
        return { outcome: "missing", reason: "no_document" };
    }
    if (one.kind === "picture") {
        return { outcome: "pass", reason: "recorded" };
    }
    if (one.kind === "check") {
        return judgeCheck(one, value, defects);
    }
    if (isNumeric(one)) {
        return uom === one.uom ? judgeNumber(one, value) : { outcome: "", reason: "" };
    }
    if (!value.trim()) {
        return { outcome: "missing", reason: "empty" };
    }
    if (!one.expected.length) {
        return { outcome: "pass", reason: "recorded" };
    }
    return one.expected.includes(value.trim())
        ? { outcome: "pass", reason: "within" }
        : { outcome: "fail", reason: "unexpected" };
}

function judgeCheck(one, value, defects) {
    if (!value.trim()) {
        return { outcome: "missing", reason: "empty" };
    }
    if (!["pass", "fail"].includes(value)) {
        return { outcome: "invalid", reason: "not_pass_or_fail" };
    }
    if (value === "pass") {
        return defects.length
            ? { outcome: "invalid", reason: "pass_with_defects" }
            : { outcome: "pass", reason: "within" };
    }
    return defects.every((code) => one.defects.some((defect) => defect.code === code))
        ? { outcome: "fail", reason: "failed" }
        : { outcome: "invalid", reason: "unknown_defect" };
}

function judgeNumber(one, text) {
    let value;
    try {
        value = exact(text);
    } catch (error) {
        if (!(error instanceof NumberError)) {
            throw error;
        }
        return { outcome: error.code === "empty" ? "missing" : "invalid", reason: error.code };
    }
    const counted = one.kind === "counted";
    if (counted && (value.digits < 0n || !isWhole(value))) {
        return { outcome: "invalid", reason: "not_whole" };
    }
    if (one.decimals !== null && !counted) {
        value = rounded(value, one.decimals, one.rounding);
    }
    if (beyond(one.lower, value, counted || one.lower_inclusive, -1)) {
        return { outcome: "fail", reason: "below" };
    }
    if (beyond(one.upper, value, counted || one.upper_inclusive, 1)) {
        return { outcome: "fail", reason: "above" };
    }
    return { outcome: "pass", reason: one.record_only ? "recorded" : "within" };
}

function beyond(limit, value, inclusive, side) {
    if (limit === "") {
        return false;
    }
    const order = compare(value, exact(limit)) * side;
    return order > 0 || (order === 0 && !inclusive);
}

/** Whether a characteristic has limits that can be shown. */
export function hasLimits(one) {
    return LIMITED.includes(one.kind) && (one.lower !== "" || one.upper !== "");
}

/**
 * @param {Object} one characteristic
 * @returns {string} "9.95 … 10.05 mm", "≤ 3", "> 0.5 N"
 */
export function limitText(one) {
    if (!hasLimits(one)) {
        return one.uom || "";
    }
    const { lower, upper } = one;
    const open = one.kind !== "counted" && !(one.lower_inclusive && one.upper_inclusive);
    let text;
    if (lower !== "" && upper !== "" && !open) {
        text = `${lower} … ${upper}`;
    } else {
        text = [
            lower !== "" && `${one.kind === "counted" || one.lower_inclusive ? "≥" : ">"} ${lower}`,
            upper !== "" && `${one.kind === "counted" || one.upper_inclusive ? "≤" : "<"} ${upper}`,
        ].filter(Boolean).join(", ");
    }
    return one.uom ? `${text} ${one.uom}` : text;
}
