import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const steps = (words) => [
    { content: "what partners reported", trigger: ".o_searchview_dropdown_toggler", run: "click" },
    { trigger: `.o_filter_menu .o_menu_item:contains('${words.filter}')`, run: "click" },
    { trigger: `.o_facet_value:contains('${words.filter}')` },
    { trigger: ".o_kanban_record:contains('Burr at the edge'), .o_data_row:contains('Burr at the edge') td[name=summary]", run: "click" },
    {
        content: "what the partner said of the lot stands beside ours",
        trigger: ".o_field_widget[name=line_ids] .o_data_row:contains('T-1') td[name=reported_note]:contains('Two of ten')",
    },
    { content: "the partner took it back", trigger: ".alert-warning .o_field_widget[name=withdrawn_at]" },
    { content: "who reported it", trigger: ".nav-link[name=origin]", run: "click" },
    { content: "and by which number", trigger: ".o_field_widget[name=partner_number]:contains('NC-7')" },
    { trigger: ".nav-link[name=evaluation]", run: "click" },
    { trigger: ".o_field_widget[name=evaluation] textarea", run: "edit Seen here as well" },
    { trigger: ".o_form_button_save", run: "click" },
    { content: "it is saved", trigger: "body:not(:has(.o_form_dirty)):has(.o_form_saved)" },
];

tours.add("med_exchange_nonconformity_tour", { steps: () => steps({ filter: "Reported by Partners" }) });
tours.add("med_exchange_nonconformity_zh_tour", { steps: () => steps({ filter: "伙伴上报" }) });
