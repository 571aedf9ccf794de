/**
 * Exact decimal numbers, read as the server reads them (`tools/number.py`): a page that judged with
 * floating point would call a value good that the server does not.
 *
 * A number is `{ digits: BigInt, scale: number }`: digits × 10 ** -scale.
 */

const WRITTEN = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,3}))?$/;
const NOT_FINITE = /^[+-]*(nan|snan|inf|infinity)$/i;
const LONGEST = 40;

/** Why a text is no number. `code`: `empty`, `not_a_number`, `not_finite` or `out_of_range`. */
export class NumberError extends Error {
    constructor(code) {
        super(code);
        this.code = code;
    }
}

/**
 * @param {string} text with a decimal point, ASCII digits and no thousands separator
 * @returns {{digits: BigInt, scale: number}}
 * @throws {NumberError}
 */
export function exact(text) {
    const written = text.trim();
    if (!written) {
        throw new NumberError("empty");
    }
    if (NOT_FINITE.test(written)) {
        throw new NumberError("not_finite");
    }
    const found = WRITTEN.exec(written);
    if (!found) {
        throw new NumberError("not_a_number");
    }
    const [, sign, whole = "", fraction = "", bare = "", exponent = "0"] = found;
    const coefficient = (whole + fraction + bare).replace(/^0+(?=\d)/, "");
    const scale = fraction.length + bare.length - Number(exponent);
    if (coefficient.length > LONGEST || Math.abs(scale) > LONGEST) {
        throw new NumberError("out_of_range");
    }
    return { digits: BigInt(coefficient) * (sign === "-" ? -1n : 1n), scale };
}

/** @returns {number} below 0, 0 or above 0 */
export function compare(one, two) {
    const scale = Math.max(one.scale, two.scale);
    const left = one.digits * 10n ** BigInt(scale - one.scale);
    const right = two.digits * 10n ** BigInt(scale - two.scale);
    return left < right ? -1 : Number(left > right);
}

/**
 * @param {{digits: BigInt, scale: number}} value
 * @param {number} decimals places after the point; negative: tens, hundreds
 * @param {"half_up"|"half_even"} rounding a tie goes away from zero, or to the even digit
 */
export function rounded(value, decimals, rounding) {
    if (value.scale <= decimals) {
        return { digits: value.digits * 10n ** BigInt(decimals - value.scale), scale: decimals };
    }
    const step = 10n ** BigInt(value.scale - decimals);
    const size = value.digits < 0n ? -value.digits : value.digits;
    let whole = size / step;
    const tie = 2n * (size % step) - step;
    if (tie > 0n || (tie === 0n && (rounding === "half_up" || whole % 2n))) {
        whole += 1n;
    }
    return { digits: value.digits < 0n ? -whole : whole, scale: decimals };
}

/** Whether a number is whole. */
export function isWhole(value) {
    return value.scale <= 0 || value.digits % 10n ** BigInt(value.scale) === 0n;
}
