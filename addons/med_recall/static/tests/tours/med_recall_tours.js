import { registry } from "@web/core/registry";

// A mock recall, from the trigger to the complete list: what a person does, and nothing else.
registry.category("web_tour.tours").add("med_recall_drill_tour", {
    steps: () => [
        { trigger: ".o_form_view:contains('DRILL-RAW') button.oe_stat_button:has(.fa-bullhorn)", run: "click" },
        { trigger: ".modal .o_field_widget[name=summary] input", run: "edit Supposed: raw material wrong" },
        { trigger: ".modal .o_field_widget[name=drill] input", run: "click" },
        { trigger: ".modal .o_med_drill", run: "click" },
        { trigger: ".o_form_view div[name=drill]:contains('This is a drill')" },
        { trigger: ".o_form_view button[name=action_deliveries]:contains('2')", run: "click" },
        { content: "the complete list", trigger: ".o_list_view .o_data_row, .o_list_view .o_group_header" },
    ],
});
