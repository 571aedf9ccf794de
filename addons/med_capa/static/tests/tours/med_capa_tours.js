import { registry } from "@web/core/registry";

const page = (name) => ({ trigger: `.nav-link[name=${name}]`, run: "click" });
const line = ".o_field_widget[name=why_ids] .o_selected_row";

const board = (machine) => [
    { content: "empty columns show", trigger: ".o_kanban_renderer .o_kanban_group:nth-child(4):last-child" },
    { content: "the card has its clock", trigger: ".o_kanban_group:nth-child(1) .o_kanban_record:contains('Seals open'):has([name=date_due])", run: "click" },
    page("cause"),
    { trigger: ".o_field_widget[name=cause_tool] input[data-value=ishikawa]", run: "click" },
    { content: "the fish without causes", trigger: ".o_med_fishbone text.o_med_head:contains('Seals open')" },
    { trigger: ".o_field_widget[name=why_ids] .o_field_x2many_list_row_add a, .o_field_widget[name=why_ids] .o_field_x2many_list_row_add button", run: "click" },
    { trigger: `${line} [name=category] input`, run: "click" },
    { trigger: `.o_select_menu_item:contains('${machine}')`, run: "click" },
    { trigger: `${line} [name=question] input`, run: "edit Worn jaw" },
    { trigger: ".o_field_widget[name=cause] textarea", run: "edit The jaw is worn" },
    { content: "drawn before it is saved", trigger: ".o_med_fishbone text.o_med_cause:contains('Worn jaw')" },
    { trigger: "body:not(:has(.modal)) button[name=action_med_sign]", run: "click" },
    { trigger: "#med_sign_login", run: "edit anna" },
    { trigger: "#med_sign_secret", run: "edit anna-secret" },
    { trigger: ".o_med_sign_confirm", run: "click" },
    { trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=analysed]" },
    { trigger: ".o_breadcrumb .o_back_button a, .o_back_button, .breadcrumb-item a", run: "click" },
    { content: "the card has moved on", trigger: ".o_kanban_group:nth-child(2) .o_kanban_record:contains('Seals open')" },
];

registry.category("web_tour.tours").add("med_capa_board_tour", { steps: () => board("Machine") });
registry.category("web_tour.tours").add("med_capa_board_zh_tour", { steps: () => board("机器") });
