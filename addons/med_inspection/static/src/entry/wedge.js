/**
 * Tells a scanner that types from a person who types: by speed. Without it, the P of a scanned
 * serial number would pass a unit.
 */

const FAST = 45; // ms between two keys; scanners need 1-20, people 80 and more
const SHORTEST = 4;

export class Wedge {
    constructor() {
        this.clear();
    }

    clear() {
        this.text = "";
        this.last = 0;
        this.fast = true;
    }

    /**
     * @param {string} key of a keydown event
     * @param {number} time in ms
     */
    feed(key, time) {
        if (key.length !== 1) {
            return;
        }
        if (!this.text || time - this.last > 1000) {
            this.clear();
            this.text = key;
        } else {
            this.fast &&= time - this.last <= FAST;
            this.text += key;
        }
        this.last = time;
    }

    /** Whether a key that comes now belongs to a scan that has begun. */
    isRunning(time) {
        return Boolean(this.text) && time - this.last <= FAST;
    }

    /** Whether what was typed came from a scanner. */
    get isScan() {
        return this.fast && this.text.length >= SHORTEST;
    }
}

export const WAIT = FAST + 15;
