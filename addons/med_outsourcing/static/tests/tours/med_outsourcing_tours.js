import { registry } from "@web/core/registry";

const type = (name, text) => ({
    content: `${name}: ${text}`, trigger: `.modal div[name=${name}] input`, run: `edit ${text}`,
});

registry.category("web_tour.tours").add("med_outsourcing_entry", {
    steps: () => [
        { content: "a paper has come", trigger: "button[name=action_enter]", run: "click" },
        { content: "what comes next is chosen already", trigger: ".modal div[name=revision] input:not(:value(''))" },
        type("person", "Mr. Li"),
        type("reference", "P-1"),
        { content: "and the next paper", trigger: ".modal button[name=action_enter_more]", run: "click" },
        {
            content: "what arrives is what was sent",
            trigger: ".modal div[name=line_ids] .o_data_row:contains(PART-1)",
        },
        type("person", "Mr. Li"),
        type("reference", "P-2"),
        { content: "enter it", trigger: ".modal button[name=action_enter]", run: "click" },
        {
            content: "the order stands where the papers put it",
            trigger: "body:not(:has(.modal)) .o_statusbar_status .o_arrow_button_current[data-value=acknowledged]",
        },
    ],
});
