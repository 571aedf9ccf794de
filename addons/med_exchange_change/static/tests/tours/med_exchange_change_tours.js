import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const tell = (words) => [
    { trigger: ".o_kanban_record:contains('Other tube')", run: "click" },
    { content: "who has to do with it", trigger: ".nav-link[name=partners]", run: "click" },
    { trigger: "button[name=action_find_partners]", run: "click" },
    {
        content: "the supplier of the tube is found",
        trigger: `.o_field_widget[name=notice_ids] .o_data_row:contains('Supplier'):contains('${words.planned}') td[name=partner_id]`,
        run: "click",
    },
    { content: "his agreement is needed", trigger: ".modal .o_field_widget[name=agreement_needed] input", run: "click" },
    { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit The old mill closes" },
    { trigger: ".modal .o_form_button_save", run: "click" },
    { trigger: "body:not(:has(.modal)) .o_form_button_save", run: "click" },
    { trigger: "body:not(:has(.o_form_dirty)) button[name=action_announce]", run: "click" },
    {
        content: "he is told",
        trigger: `.o_field_widget[name=notice_ids] .o_data_row:contains('Supplier'):contains('${words.told}')`,
    },
];

const answer = (words) => [
    { trigger: `.o_data_row:contains('Supplier'):contains('${words.told}') td[name=partner_id]`, run: "click" },
    { content: "what he was told stays", trigger: ".o_field_widget[name=description]:not(:has(textarea)):contains('Tube B for tube A')" },
    { trigger: `.o_statusbar_buttons button:contains('${words.note}')`, run: "click" },
    { trigger: ".modal .o_field_widget[name=agreement] input[data-value=agreed]", run: "click" },
    { trigger: ".modal .o_field_widget[name=note] textarea", run: "edit Letter of 3 March from Ms Li" },
    { trigger: ".modal button[name=action_note]", run: "click" },
    { content: "he agrees", trigger: "body:not(:has(.modal)) .o_arrow_button_current[data-value=agreed]" },
    {
        content: "and his answer is kept",
        trigger: `.o_field_widget[name=answer_ids] .o_data_row:contains('${words.agreed}'):contains('Letter of 3 March')`,
    },
];

const en = { planned: "To Be Told", told: "Told", note: "Note an Answer", agreed: "Agreed" };
const zh = { planned: "待通知", told: "已通知", note: "记录答复", agreed: "同意" };
tours.add("med_exchange_change_tell_tour", { steps: () => tell(en) });
tours.add("med_exchange_change_tell_zh_tour", { steps: () => tell(zh) });
tours.add("med_exchange_change_answer_tour", { steps: () => answer(en) });
tours.add("med_exchange_change_answer_zh_tour", { steps: () => answer(zh) });
