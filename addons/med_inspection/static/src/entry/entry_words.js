import { _t } from "@web/core/l10n/translation";
import { limitText } from "./judge";

/** What a person reads of a verdict of one value. */
export function reasonText(reason, characteristic) {
    const limits = limitText(characteristic);
    const words = {
        below: () => _t("Below the limit: %s", limits),
        above: () => _t("Above the limit: %s", limits),
        failed: () => _t("Failed"),
        unexpected: () => _t("Not one of the expected answers"),
        no_document: () => _t("A file is missing"),
        not_a_number: () => _t("Not a number"),
        not_finite: () => _t("Not a number"),
        out_of_range: () => _t("Too long or too large a number"),
        not_whole: () => _t("Not a whole number"),
        not_text: () => _t("Not a text"),
        unit_of_measure: () => _t("This unit of measure cannot be converted"),
        not_pass_or_fail: () => _t("Neither pass nor fail"),
        pass_with_defects: () => _t("What passes has no defects"),
        unknown_defect: () => _t("This defect is not one of the plan"),
        unknown_characteristic: () => _t("The plan does not ask for this"),
        unknown_unit: () => _t("This unit was not drawn"),
        unknown_place: () => _t("The plan asks for fewer readings"),
        second_value: () => _t("There is a value already"),
        retest_of_unknown: () => _t("The value that this repeats is another"),
        retest_without_record: () => _t("A retest needs its out-of-specification record"),
    };
    return words[reason]?.() || "";
}

/** Name of a defect class. */
export function classLabel(name) {
    return { critical: _t("Critical"), major: _t("Major"), minor: _t("Minor") }[name] || name;
}

/** Name of the verdict of a lot or a class. */
export function verdictLabel(outcome) {
    return {
        accepted: _t("Acceptable"), not_accepted: _t("Not acceptable"),
        incomplete: _t("Not complete"), omitted: _t("Not inspected, as planned"),
        pending: _t("Not complete"),
    }[outcome] || outcome;
}
