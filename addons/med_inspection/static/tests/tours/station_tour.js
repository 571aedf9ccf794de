import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_inspection_station_tour", {
    steps: () => [
        { trigger: ".o_med_station .o_med_day_row .o_med_day_number", run: "click" },
        { content: "What is to be done, in its order", trigger: ".o_med_day_row:contains('Line Clearance') ~ .o_med_day_row:contains('Process Parameters')" },
        { trigger: "[name=left]:contains('2')" },
        { trigger: "button[name=wrong]", run: "click" },
        { trigger: ".modal textarea, .modal input[type=text]", run: "edit Burr on the edge" },
        { trigger: ".modal .btn-primary", run: "click" },
        { content: "The page says that the lot is held", trigger: "[name=held]" },
    ],
});
