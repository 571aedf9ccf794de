"""1,000 serial labels: drawn, read back and ready as PDF, while another user works.

MED_BENCH_LABELS=n makes n labels instead of 1,000.
"""

import os
import threading
import time
from datetime import date, datetime

import support
from support import say

LABELS = int(os.environ.get("MED_BENCH_LABELS", "1000"))
CONTENT = (
    ("product", "head", 9), ("catalogue", "beside", 7), ("serial", "beside", 7),
    ("lot", "beside", 7), ("manufactured", "beside", 7), ("expiry", "beside", 7),
    ("udi", "beside", 6), ("statements", "beside", 9), ("registration", "foot", 6),
    ("licence", "foot", 6), ("registrant", "foot", 6))


def bench():
    figures = support.Figures("label")
    with support.databases(label=support.template()), support.open_database("label", user=1) as env:
        figures.about = support.server(env.cr)
        job = prepare(env)
        make(env, job, figures)
    return figures.show()


def prepare(env):
    """Return a draft job for serials of a device with an approved template."""
    from odoo.fields import Command
    china = env.ref("med_base.med_jurisdiction_cn")
    product = env["product.product"].create({
        "name": "冠状动脉药物洗脱支架系统", "is_storable": True, "tracking": "serial"})
    di = env["med.udi.di"].create({
        "issuer": "gs1", "name": "09506000134352", "product_id": product.id,
        "trade_name": product.name, "catalogue_number": "DES-3018", "sterile": True,
        "single_use": True, "pi_lot": True, "pi_serial": True, "pi_expiry": True,
        "pi_manufactured": True, "registration_ids": [Command.create({
            "jurisdiction_id": china.id, "number": "国械注准20243130001",
            "licence_number": "沪药监械生产许20200001号",
            "registrant_name": "上海示例医疗器械有限公司",
            "registrant_address": "上海市浦东新区张江路1号"})]})
    di.state = "active"
    template = env["med.label.template"].create({
        "name": "Benchmark", "jurisdiction_id": china.id, "sample_di_id": di.id, "width": 80,
        "height": 50, "item_ids": [
            Command.create({"sequence": number, "content": content, "zone": zone, "size": size})
            for number, (content, zone, size) in enumerate(CONTENT)]})
    qa = env["res.users"].create({
        "name": "QA", "login": "bench_qa",
        "group_ids": [Command.set(env.ref("med_base.med_base_group_qa").ids)]})
    template.with_user(qa).action_approve()
    lots = env["stock.lot"].create([{
        "name": f"SN{number:06}", "product_id": product.id, "med_batch": "B-2026-77",
        "med_manufactured": date(2026, 1, 5), "expiration_date": datetime(2035, 1, 31)}
        for number in range(1, LABELS + 1)])
    operator = env["res.users"].create({
        "name": "Operator", "login": "bench_operator",
        "group_ids": [Command.set(env.ref("med_base.med_base_group_operator").ids)]})
    job = env["med.label.job"].with_user(operator).create({
        "product_id": product.id, "template_id": template.id,
        "lot_ids": [Command.set(lots.ids)]})
    env.cr.commit()
    return job


def make(env, job, figures):
    """Make the labels as the scheduled action does; meanwhile another user reads and writes."""
    stop, waits = threading.Event(), []
    other = threading.Thread(target=work, args=(stop, waits, job.id))
    other.start()
    begin = time.perf_counter()
    try:
        job.start()
        env.cr.commit()
        started, seen = time.perf_counter() - begin, []
        while job.sudo()._render_batch():
            env.cr.commit()
            seen.append(job.rendering()["read_back"])
            say(f"  {seen[-1]} of {LABELS} after {time.perf_counter() - begin:.1f} s")
        env.cr.commit()
    finally:
        took = time.perf_counter() - begin
        stop.set()
        other.join()
    assert job.state == "ready", job.error
    assert len(job.label_ids.filtered("decoded")) == LABELS
    figures.add("labels", LABELS, "")
    figures.add("drawn, read back, ready as PDF and ZPL", took, "s", "at most 60",
                took <= 60 * LABELS / 1000)
    figures.add("of that, until the person who asked gets an answer", started, "s")
    figures.add("steps of progress that were shown", len(seen), "")
    figures.add("another user's request meanwhile, median", support.median(waits) * 1000, "ms")
    figures.add("another user's request meanwhile, longest", max(waits) * 1000, "ms")
    figures.add("PDF", len(job.sudo().pdf) * 3 / 4 / 2**20, "MB")


def work(stop, waits, job_id):
    """Read the job and write a partner every tenth of a second, in transactions of one's own."""
    while not stop.wait(0.1):
        begin = time.perf_counter()
        with support.open_database("label") as env:
            job = env["med.label.job"].sudo().browse(job_id)
            job.read(["name", "state", "progress"])
            env.ref("base.main_partner").comment = f"{begin}"
            env.cr.commit()
        waits.append(time.perf_counter() - begin)


support.main(bench)
