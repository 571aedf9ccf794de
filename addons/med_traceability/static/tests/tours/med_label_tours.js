import { registry } from "@web/core/registry";

const scan = (code) => ({
    content: `scan ${code}`,
    trigger: ".o_med_label_proof input[name=code]",
    async run(helpers) {
        await helpers.edit(code);
        await helpers.press("Enter");
    },
});

registry.category("web_tour.tours").add("med_label_print_tour", {
    steps: () => [
        { content: "the first label is shown", trigger: ".o_form_view .o_med_label_preview img" },
        { content: "print", trigger: "button[name=action_print_pdf]", run: "click" },
        { content: "yes, it is counted", trigger: ".modal .btn-primary", run: "click" },
        { content: "printed: now the roll", trigger: "button[name=action_prove]", run: "click" },
        {
            content: "first, middle and last are asked for",
            trigger: ".o_med_proof_label[data-label=TOUR-1] ~ .o_med_proof_label[data-label=TOUR-3]",
        },
        scan("(01)09506000134369(17)350131(10)B-1(21)TOUR-1"),
        { content: "it is right", trigger: ".o_med_verdict_ok:contains('TOUR-1')" },
        scan("(01)09506000134369(17)350131(10)B-1(21)TOUR-2"),
        { content: "it is right", trigger: ".o_med_verdict_ok:contains('TOUR-2')" },
        scan("(01)09506000134369(17)350131(10)B-1(21)TOUR-3"),
        {
            content: "all of them: proved",
            trigger: ".o_med_label_proof:not(:has(.fa-circle-o)) .o_med_verdict_ok",
        },
        { content: "back to the job", trigger: "button[name=job]", run: "click" },
        { content: "count", trigger: "button[name=action_reconcile]", run: "click" },
        { content: "used", trigger: ".modal [name=used] input", run: "edit 2" },
        { content: "destroyed", trigger: ".modal [name=destroyed] input", run: "edit 1" },
        { content: "enter", trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "counted", trigger: ".o_form_view:not(:has(.modal)) .o_field_widget[name=reconciler_id] img" },
    ],
});

registry.category("web_tour.tours").add("med_label_stop_tour", {
    steps: () => [
        scan("(01)09506000134369(17)350630(10)B-1(21)TOUR-1"),
        {
            content: "another expiry: the job stops and says why",
            trigger: ".o_med_verdict_error:contains('2035-06-30')",
        },
        { content: "nothing more is taken", trigger: ".o_med_label_proof input[name=code]:disabled" },
    ],
});
