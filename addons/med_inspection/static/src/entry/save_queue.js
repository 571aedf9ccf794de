/**
 * Values on their way to the server: in order, one call at a time, and none is lost. What the
 * server cannot be asked is asked again; what it refuses is told and kept; what the page did not
 * live to send is found by the next page.
 */

const MOST = 200;
const PAUSES = [1000, 2000, 5000, 10000];
const TOGETHER = 60000;
const FRESH = 30000; // ms for which the server's own clock is right enough

export class SaveQueue {
    /**
     * @param {Object} means
     * @param {(values: Object[], time: string) => Promise<Object>} means.send
     * @param {(error: Error) => boolean} means.isRefusal the server answered, and said no
     * @param {(jobs: Object[], answer: Object) => void} means.onSaved
     * @param {(job: Object, message: string) => void} means.onRefused
     * @param {(state: Object) => void} means.onState `{ waiting, offline, refused }`
     * @param {(ms: number) => Promise} means.pause
     * @param {() => number} means.now
     * @param {{get: () => Object[], set: (jobs: Object[]) => void}} means.store outlives the page
     */
    constructor(means) {
        Object.assign(this, means);
        this.jobs = [];
        this.flying = [];
        this.refused = new Map();
        this.offline = false;
        this.stopped = false;
        this.running = null;
    }

    get size() {
        return this.jobs.length + this.flying.length;
    }

    /** Whether a value of a place waits to be sent. */
    isWaiting(key) {
        return this.jobs.some((job) => job.key === key);
    }

    /** Whether a place has a value that is on its way just now. */
    isFlying(key) {
        return this.flying.some((job) => job.key === key);
    }

    /**
     * Take a value. One that still waits for the same place is replaced: nobody has seen it yet.
     *
     * @param {{key: string, value: Object}} job `value` as `enter` takes it
     */
    push(...jobs) {
        for (const job of jobs) {
            this.refused.delete(job.key);
            const at = job.value.retest_of ? -1 : this.jobs.findIndex(
                (one) => one.key === job.key && !one.value.retest_of);
            const next = { time: this.now(), ...job };
            if (at < 0) {
                this.jobs.push(next);
            } else {
                const { reason } = this.jobs[at].value;
                this.jobs[at] = { ...next, value: { ...(reason && { reason }), ...next.value } };
            }
        }
        this.keep();
        return this.work();
    }

    /** Take up what a former page left behind. */
    restore() {
        const left = this.store.get();
        if (left.length) {
            this.push(...left);
        }
        return left;
    }

    /** Forget a refused value: the person has another, or none. */
    drop(key) {
        this.refused.delete(key);
        this.keep();
    }

    keep() {
        this.store.set([...this.flying, ...this.jobs, ...this.refused.values()].map(
            ({ key, value, time }) => ({ key, value, time })));
        this.onState({
            waiting: this.size, offline: this.offline, refused: this.refused.size });
    }

    /** Send until nothing waits; the same promise while it runs. */
    work() {
        this.running ||= this.run().finally(() => {
            this.running = null;
        });
        return this.running;
    }

    async run() {
        let failures = 0;
        while (this.jobs.length && !this.stopped) {
            this.flying = this.takeBatch();
            try {
                await this.deliver(this.flying);
                failures = 0;
                this.offline = false;
                this.flying = [];
            } catch {
                this.jobs.unshift(...this.flying);
                this.flying = [];
                this.offline = true;
                this.keep();
                await this.pause(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
            }
            this.keep();
        }
    }

    /** The values that were entered together, so that each is told with its own time. */
    takeBatch() {
        const first = this.jobs[0].time;
        let count = 1;
        while (count < Math.min(this.jobs.length, MOST) && this.jobs[count].time - first < TOGETHER) {
            count++;
        }
        return this.jobs.splice(0, count);
    }

    /** Send a batch; of a refused one, each value by itself, so that the good ones are kept. */
    async deliver(batch) {
        this.keep();
        try {
            const time = batch[0].time;
            this.onSaved(batch, await this.send(
                batch.map((job) => job.value),
                this.now() - time < FRESH ? "" : new Date(time).toISOString()));
        } catch (error) {
            if (!this.isRefusal(error)) {
                throw error;
            }
            if (batch.length > 1) {
                for (const job of batch) {
                    await this.deliver([job]);
                    this.flying = this.flying.filter((one) => one !== job);
                }
                return;
            }
            this.refused.set(batch[0].key, batch[0]);
            this.onRefused(batch[0], error.data?.message || error.message);
        }
    }

    /** The page goes away: what waits stays in the store. */
    stop() {
        this.stopped = true;
        this.keep();
    }
}
