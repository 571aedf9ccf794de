import { registry } from "@web/core/registry";
import { isBlock, parseBlock, placeBlock, placeTable, readCheck } from "@med_inspection/entry/block";
import { EntrySheet, placeKey } from "@med_inspection/entry/entry_sheet";
import { judge, limitText, readNumber } from "@med_inspection/entry/judge";
import { SaveQueue } from "@med_inspection/entry/save_queue";
import { Wedge } from "@med_inspection/entry/wedge";

/**
 * What the entry page works with, tried without a page: each check returns what is wrong. They run
 * in a browser, called by `test_entry_js.py`.
 */
const checks = registry.category("med_inspection_checks");

function expect(problems, what, got, wanted) {
    const [left, right] = [got, wanted].map((value) => JSON.stringify(value));
    if (left !== right) {
        problems.push(`${what}: ${left} instead of ${right}`);
    }
}

/** The verdict of each value is the server's. */
checks.add("judge", (cases) => cases.flatMap(({ characteristic, reading, outcome, reason }) => {
    const told = judge(characteristic, reading);
    return told.outcome === outcome && told.reason === reason ? [] : [
        `${JSON.stringify(reading)} of ${JSON.stringify(characteristic)}: ` +
        `${told.outcome}/${told.reason} instead of ${outcome}/${reason}`];
}));

checks.add("numbers", () => {
    const problems = [];
    for (const [text, point, value, uom] of [
        [" 10.05 ", ".", "10.05", ""], ["10,05", ",", "10.05", ""], ["10,05", ".", "10,05", ""],
        ["1.005,5", ",", "1.005,5", ""], ["１０．５", ".", "10.5", ""], ["10。5", ".", "10.5", ""],
        ["0.394 in", ".", "0.394", "in"], ["0.394in", ".", "0.394", "in"], ["5e-3mm", ".", "5e-3", "mm"],
        ["-4 °C", ".", "-4", "°C"], ["10 20", ".", "10 20", ""], ["", ".", "", ""], ["abc", ".", "abc", ""],
    ]) {
        expect(problems, text, readNumber(text, point), { value, uom });
    }
    const one = { kind: "measured", lower: "9.9", upper: "10.1", lower_inclusive: true, upper_inclusive: true, uom: "mm" };
    expect(problems, "limits", limitText(one), "9.9 … 10.1 mm");
    expect(problems, "open limit", limitText({ ...one, lower: "", upper_inclusive: false, uom: "" }), "< 10.1");
    return problems;
});

checks.add("blocks", () => {
    const problems = [];
    expect(problems, "rows", parseBlock('1\t2\r\n"a\tb"\t"say ""x"""\r\n\r\n'), [["1", "2"], ["a\tb", 'say "x"']]);
    expect(problems, "one cell", [isBlock("10.5\r\n"), isBlock("10.5\t1"), isBlock("1\n2")], [false, true, true]);
    const cells = [["a", "b"], ["c", null]];
    expect(problems, "laid", placeBlock([["1", "2"], ["3", "4"], ["5"]], { row: 0, column: 0 },
        (row, column) => cells[row]?.[column] || null),
        { values: [{ cell: "a", text: "1" }, { cell: "b", text: "2" }, { cell: "c", text: "3" }], outside: 2 });
    const columns = [
        { characteristic: { key: "len", name: "Length" }, place: 0 },
        { characteristic: { key: "len", name: "Length" }, place: 1 },
        { characteristic: { key: "dia", name: "Diameter" }, place: 0 }];
    expect(problems, "headed", placeTable(
        [["Unit", "length", "Length #2", "DIA", "Colour"], ["U1", "1", "2", "3", "red"], ["U9", "4", "", "", ""]],
        columns, (unit, key, place) => (unit === "U1" ? `${unit}/${key}/${place}` : null)),
        { values: [{ cell: "U1/len/0", text: "1" }, { cell: "U1/len/1", text: "2" }, { cell: "U1/dia/0", text: "3" }], units: ["U9"], columns: ["Colour"] });
    expect(problems, "checks", ["OK", "ng", "合格", "不合格", "perhaps"].map(readCheck),
        ["pass", "fail", "pass", "fail", "perhaps"]);
    return problems;
});

checks.add("wedge", () => {
    const problems = [];
    const fed = (text, gap) => {
        const wedge = new Wedge();
        [...text].forEach((key, index) => wedge.feed(key, 1000 + index * gap));
        return wedge;
    };
    expect(problems, "a scanner", [fed("SN-0042", 8).isScan, fed("SN-0042", 8).text], [true, "SN-0042"]);
    expect(problems, "a person", fed("10.05", 90).isScan, false);
    expect(problems, "two keys", fed("12", 8).isScan, false);
    const after = fed("10", 90);
    [..."SN-7"].forEach((key, index) => after.feed(key, 9000 + index * 8));
    expect(problems, "a scan after a pause", [after.isScan, after.text], [true, "SN-7"]);
    return problems;
});

const ANSWER = {
    characteristics: [
        { key: "temp", name: "Temperature", kind: "measured", scope: "lot", defect_class: "major", required: true, lower: "2", upper: "8", lower_inclusive: true, upper_inclusive: true, uom: "°C" },
        { key: "len", name: "Length", kind: "measured", scope: "unit", defect_class: "major", required: true, readings: 2, lower: "9.9", upper: "10.1", lower_inclusive: true, upper_inclusive: true, decimals: "", rounding: "half_even", uom: "mm" },
        { key: "look", name: "Surface", kind: "check", scope: "unit", defect_class: "minor", required: true, defects: [{ code: "CRK", name: "Crack", class: "critical" }] },
        { key: "mark", name: "Mark", kind: "text", scope: "unit", defect_class: "minor", required: false },
    ],
    samples: [{ unit: "A", classes: ["critical", "major"] }, { unit: "B", classes: ["minor"] }],
    readings: [],
};

checks.add("sheet", () => {
    const problems = [];
    const sheet = new EntrySheet(ANSWER);
    const names = (cells) => cells.map((cell) => cell && `${cell.characteristic.key}${cell.unit}${cell.place}`);
    expect(problems, "asked", sheet.rows.map((row) => names(row.cells)), [
        ["lenA0", "lenA1", "lookA0", null], [null, null, "lookB0", "markB0"]]);
    expect(problems, "across", names(sheet.order("across")), ["temp0", "lenA0", "lenA1", "lookA0", "lookB0", "markB0"]);
    expect(problems, "down", names(sheet.order("down")), ["temp0", "lenA0", "lenA1", "lookA0", "lookB0", "markB0"]);
    const [len] = sheet.rows[0].cells;
    expect(problems, "beside", names([sheet.beside(len, 0, 1), sheet.beside(len, -1, 0), sheet.beside(len, 1, 0)]), ["lenA1", "temp0", null]);
    expect(problems, "count", sheet.count(), { all: 5, missing: 5, failed: 0, invalid: 0 });
    expect(problems, "put", sheet.put(len, sheet.read(len, "10.2")), { outcome: "fail", reason: "above" });
    sheet.load([{ id: 7, characteristic: "len", unit: "A", place: 0, value: "10.2", uom: "mm", outcome: "fail", reason: "above" }]);
    expect(problems, "same", sheet.isSame(len, sheet.read(len, "10.2 mm")), true);
    expect(problems, "other unit of measure", sheet.isSame(len, sheet.read(len, "10.2 in")), false);
    sheet.load([{ id: 9, characteristic: "len", unit: "A", place: 0, value: "10.1", uom: "mm", outcome: "pass", reason: "within", retest_of: 7, record: "OOS-1" }]);
    expect(problems, "a retest stands beside", [len.text, len.outcome, len.retests.length], ["10.2", "fail", 1]);
    sheet.put(len, sheet.read(len, "x"));
    sheet.restore(len);
    expect(problems, "restored", [len.text, len.outcome, len.history.length], ["10.2", "fail", 1]);
    expect(problems, "units", [sheet.isUnit("A "), sheet.isUnit("C")], [true, false]);
    expect(problems, "first of", names([sheet.firstOf("A")]), ["lenA1"]);
    expect(problems, "named", sheet.cellOf("any", "temp", 0).key, placeKey("temp", "", 0));
    return problems;
});

/** A server that says what it is told to: an answer, "lost", or "refused". */
function line(script) {
    const told = { sent: [], saved: [], refused: [], states: [], kept: [], clock: 1000000 };
    const queue = new SaveQueue({
        send: async (values, time) => {
            told.sent.push(values.map((value) => value.value).join("+") + (time && "@"));
            const act = script.shift() || "ok";
            if (act === "lost") {
                throw new Error("lost");
            }
            if (act === "refused" || (act === "bad" && values.some((value) => value.value === "bad"))) {
                throw Object.assign(new Error("no"), { refusal: true });
            }
            return { readings: [] };
        },
        isRefusal: (error) => error.refusal,
        onSaved: (jobs) => told.saved.push(...jobs.map((job) => job.value.value)),
        onRefused: (job, message) => told.refused.push(`${job.value.value}: ${message}`),
        onState: (state) => told.states.push(state),
        pause: async () => { told.clock += 40000; },
        now: () => told.clock,
        store: { get: () => told.kept, set: (jobs) => { told.kept = JSON.parse(JSON.stringify(jobs)); } },
    });
    return { queue, told };
}

const job = (key, value) => ({ key, value: { value } });

checks.add("queue", async () => {
    const problems = [];
    let { queue, told } = line([]);
    const first = queue.push(job("a", "1"));
    queue.push(job("b", "2"));
    queue.push(job("b", "3"));
    await first;
    expect(problems, "one call at a time, the last of a place", told.sent, ["1", "3"]);
    expect(problems, "all saved, nothing kept", [told.saved, told.kept], [["1", "3"], []]);

    ({ queue, told } = line(["lost", "lost"]));
    await queue.push(job("a", "1"), job("b", "2"));
    expect(problems, "asked again, with its own time", told.sent, ["1+2", "1+2@", "1+2@"]);
    expect(problems, "was offline", [told.states.some((state) => state.offline), queue.offline, queue.size], [true, false, 0]);

    ({ queue, told } = line(["bad", "ok", "bad", "ok"]));
    await queue.push(job("a", "1"), job("b", "bad"), job("c", "3"));
    expect(problems, "the good ones are saved", [told.saved, told.refused], [["1", "3"], ["bad: no"]]);
    expect(problems, "the bad one is kept", told.kept.map((one) => one.value.value), ["bad"]);
    queue.drop("b");
    expect(problems, "until it is dropped", told.kept, []);

    ({ queue, told } = line(["lost"]));
    queue.pause = () => new Promise(() => {});
    queue.push(job("a", "1"));
    queue.stop();
    await Promise.resolve();
    const kept = told.kept;
    ({ queue, told } = line([]));
    told.kept = kept;
    queue.restore();
    await queue.work();
    expect(problems, "the next page finds it", [told.saved, told.kept], [["1"], []]);
    return problems;
});

checks.add("all", async () => {
    const problems = [];
    for (const name of ["numbers", "blocks", "wedge", "sheet", "queue"]) {
        problems.push(...(await checks.get(name)()).map((problem) => `${name}: ${problem}`));
    }
    return problems;
});
