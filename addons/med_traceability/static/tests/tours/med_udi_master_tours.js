import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_udi_master_tour", {
    steps: () => [
        { content: "the device is in use", trigger: "[name=state] .o_arrow_button_current[data-value=active]" },
        {
            content: "its model changes",
            trigger: "[name=version_model] input",
            run: "edit B && press Tab",
        },
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        { content: "the rules ask", trigger: ".alert button:contains('See the changes')", run: "click" },
        {
            content: "each market's rule names its source; open the first",
            trigger: ".o_data_row:contains('Version or Model') .o_list_record_open_form_view button",
            run: "click",
        },
        {
            content: "a new number is asked for",
            trigger: ".o_form_view [name=verdict]:contains('New device identifier')",
        },
        { content: "make it", trigger: "button[name=action_make_new]", run: "click" },
        {
            content: "a number never used",
            trigger: ".modal [name=name] input",
            run: "edit 9506003000012",
        },
        { content: "the changes are listed", trigger: ".modal .o_data_row:contains('Version or Model')" },
        { content: "make", trigger: ".modal button[name=action_make]", run: "click" },
        {
            content: "it is a draft with the new model, in its canonical form",
            trigger: "[name=state] .o_arrow_button_current[data-value=draft]",
        },
        { content: "its number", trigger: "[name=name] input:value(09506003000012)" },
        { content: "put it into use", trigger: "button[name=action_activate]", run: "click" },
        {
            content: "in use",
            trigger: "[name=state] .o_arrow_button_current[data-value=active]",
        },
    ],
});
