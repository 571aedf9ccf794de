import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("med_inspection_station_tour", {
    steps: () => [
        { content: "A lot of two orders", trigger: ".o_med_station input[name=code]", run: "edit ST-TUBE && press Enter" },
        { content: "The page says so and lists them", trigger: "[name=told]:contains('2')" },
        { trigger: ".o_med_station:has(.o_med_day_row:nth-of-type(2)) button[name=show_all]" },
        { content: "The lot of one order opens it", trigger: ".o_med_station input[name=code]", run: "edit ST-TOUR && press Enter" },
        { content: "What is to be done, in its order", trigger: ".o_med_day_row:contains('Line Clearance') ~ .o_med_day_row:contains('Process Parameters')" },
        { trigger: "[name=left]:contains('2')" },
        { trigger: "button[name=wrong]", run: "click" },
        { trigger: ".modal textarea, .modal input[type=text]", run: "edit Burr on the edge" },
        { trigger: ".modal .btn-primary", run: "click" },
        { content: "The page says that the lot is held", trigger: "[name=held]" },
    ],
});
