import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_audit_reason", {
    steps: () => [
        {
            content: "change a submitted record",
            trigger: ".o_form_view div[name=name] input",
            run: "edit Corrected",
        },
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        {
            content: "cancelled: nothing is saved",
            trigger: ".modal .btn-secondary:contains(Cancel)",
            run: "click",
        },
        {
            content: "the refusal is shown",
            trigger: ".modal:contains(needs a reason) .btn-primary",
            run: "click",
        },
        { content: "save again", trigger: "body:not(:has(.modal)) .o_form_button_save", run: "click" },
        {
            content: "no reason yet",
            trigger: ".o_med_audit_reason_confirm:disabled",
        },
        {
            content: "choose a reason that needs words",
            trigger: ".o_med_audit_reasons .form-check:contains(Late entry) input",
            run: "click",
        },
        {
            content: "still none",
            trigger: ".o_med_audit_reason_confirm:disabled",
        },
        {
            content: "explain",
            trigger: ".o_med_audit_reason_text",
            run: "edit found at review",
        },
        {
            content: "save with the reason",
            trigger: ".o_med_audit_reason_confirm:enabled",
            run: "click",
        },
        {
            content: "saved",
            trigger: "body:not(:has(.modal)) .o_form_saved, body:not(:has(.modal)) .o_form_button_save:not(:visible)",
        },
    ],
});
