import { loadJS } from "@web/core/assets";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";

let keeping = false;

/**
 * Let ZXing hand on FNC1 of a GS1-128 symbol, which it drops unless it is told to assume GS1.
 * DataMatrix has it anyway, and so has the browser's own detector where there is one.
 */
async function keepSeparators() {
    if ("BarcodeDetector" in window) {
        return;
    }
    await loadJS("/web/static/lib/zxing-library/zxing-library.js");
    const { DecodeHintType, MultiFormatReader } = window.ZXing;
    const { setHints } = MultiFormatReader.prototype;
    if (!setHints.medSeparators) {
        MultiFormatReader.prototype.setHints = function (hints) {
            return setHints.call(
                this,
                keeping ? new Map([...hints, [DecodeHintType.ASSUME_GS1, true]]) : hints
            );
        };
        MultiFormatReader.prototype.setHints.medSeparators = true;
    }
}

/**
 * Read one label with the camera, separators included.
 *
 * @returns {Promise<string>}
 */
export async function scanLabel(env) {
    await keepSeparators();
    keeping = true;
    try {
        return await scanBarcode(env);
    } finally {
        keeping = false;
    }
}
