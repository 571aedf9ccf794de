import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const steps = (words) => [
    { trigger: ".o_data_row:contains('Hospital One') td[name=name]", run: "click" },
    { content: "to his program", trigger: ".o_field_widget[name=channel] input", run: "click" },
    { trigger: `.o_select_menu_item:contains('${words.system}')`, run: "click" },
    { trigger: ".o_form_button_save", run: "click" },
    { trigger: "body:not(:has(.o_form_dirty)) button[name=action_send]", run: "click" },
    { content: "it is on its way", trigger: ".o_arrow_button_current[data-value=queued]" },
    { content: "whom he sold on to", trigger: ".nav-link[name=onward]", run: "click" },
    { trigger: ".o_field_widget[name=onward_ids] .o_data_row:contains('Clinic Nine'):contains('L-1')" },
    { trigger: "button[name=action_tell_buyers]", run: "click" },
    { content: "asked once more", trigger: ".modal .modal-footer .btn-primary", run: "click" },
    { content: "who has no address is to be called", trigger: ".o_notification:contains('Ward, +86 1')" },
    { content: "the buyer has a notice", trigger: "body:not(:has(.modal)) .nav-link[name=children]", run: "click" },
    { trigger: ".o_field_widget[name=child_ids] .o_data_row:contains('Clinic Nine')" },
];

tours.add("med_exchange_recall_tour", { steps: () => steps({ system: "Their System" }) });
tours.add("med_exchange_recall_zh_tour", { steps: () => steps({ system: "对方系统" }) });
