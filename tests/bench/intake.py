"""Residents' reports, a photo each, twenty at once, from outside over HTTP; and the server killed in the middle.

First so many are sent to a server left alone: reports stored per second. Then as many more, and when half of them have
been answered the whole server is killed (SIGKILL, workers too) and started again. Whoever got no answer sends the same
form again, as a browser's user does, until there is one. Then the database is asked: *lost* is a form whose sender was
told "stored" or sent it until it was and that is not there with its photo, *doubled* every case, voice or photo more
than there are forms. Yardstick of the same run: the photos alone, made harmless by as many processes.
"""

import io
import os
import random
import tempfile
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
from django.core import signing
from django.db import connection
from PIL import Image

from gis.incidents.photo import clean_photo
from gis.incidents.residents.reporting import token_of
from gis.models import Building, Category, Follow, Step
from gis.written import hashed
from tests.bench.report import Report
from tests.bench.scratch import scratch_database
from tests.serving import Server, a_server
from web.open_pages import _SALT

_AT_ONCE = 20
_PROCESSES = min(os.cpu_count() or 1, 4)  # as `manage.py up` does
_PATIENCE = 180


class Sender:
    """Sends forms as a browser would, each until it is answered; redirects are not followed."""

    def __init__(self, server: Server, photos: list[bytes]) -> None:
        self.server, self.photos = server, photos
        self.places = list(Building.objects.order_by("pk").values_list("pk", flat=True))
        self.kinds = list(Category.objects.filter(kind="community", retired=False).values_list("pk", flat=True))
        self.answered, self.again = 0, 0
        self.half = threading.Event()
        self._lock = threading.Lock()
        self._opener = urllib.request.build_opener(_NoRedirect)

    def send(self, job: tuple[int, UUID], half_at: int = 0) -> None:
        number, ticket = job
        chance = random.Random(number)
        body = {
            "ticket": signing.dumps(str(ticket), salt=_SALT), "building": chance.choice(self.places),
            "category": chance.choice(self.kinds), "text": f"第 {number} 件", "phone": "13900001234",
        }  # fmt: skip
        content, kind = _form(body, self.photos[number % len(self.photos)] + str(number).encode())
        deadline = time.monotonic() + _PATIENCE
        while not self._stored(content, kind) and time.monotonic() < deadline:
            with self._lock:
                self.again += 1
            time.sleep(0.1)
        with self._lock:
            self.answered += 1
            if half_at and self.answered >= half_at:
                self.half.set()

    def _stored(self, content: bytes, kind: str) -> bool:
        request = urllib.request.Request(  # noqa: S310 - our own address
            self.server + "/report/", content, {"Content-Type": kind, "Accept": "text/html"}
        )
        try:
            with self._opener.open(request, timeout=60) as answer:
                return answer.status == 302
        except urllib.error.HTTPError as error:
            return error.code == 302
        except OSError:
            return False


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args) -> None:
        return None


def _form(body: dict, photo: bytes) -> tuple[bytes, str]:
    edge = uuid4().hex
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in body.items()]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    return b"".join(
        parts
    ) + head.encode() + photo + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def measure(quick: bool) -> Report:
    number = 120 if quick else 600
    photos = _photos(8)
    with scratch_database("small"), tempfile.TemporaryDirectory() as folder:
        own = {"DATABASE_RUNTIME_URL": "", "RESIDENT_REPORTS_PER_HOUR": "1000000"}
        with a_server(connection.settings_dict["NAME"], Path(folder) / "log", processes=_PROCESSES, **own) as server:
            sender = Sender(server, photos)
            first = [(n, uuid4()) for n in range(number)]
            calm = _send(sender, first)
            second = [(number + n, uuid4()) for n in range(number)]
            _send(sender, second, kill_at=number + number // 2)
        lost, doubled = _counted(first + second)
    alone = _photos_alone(photos, number)
    report = Report(["reports", "with a photo each", "a second", "beside: photos alone"])
    report.rows.append([number, f"{_AT_ONCE} at once, {_PROCESSES} processes", number / calm, number / alone])
    report.notes.append(
        f"killed after {number // 2} of {number} more: {sender.again} tries again, {lost} lost, {doubled} doubled"
    )
    report.named += [
        ("intake.per_s", number / calm, "1/s"),
        ("intake.lost", lost, "reports"),
        ("intake.doubled", doubled, "reports"),
    ]
    return report


def _send(sender: Sender, jobs: list[tuple[int, UUID]], kill_at: int = 0) -> float:
    begin = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        sent = [pool.submit(sender.send, job, kill_at) for job in jobs]
        if kill_at and sender.half.wait(_PATIENCE):
            sender.server.pages.kill()
            sender.server.pages.start()
        for one in sent:
            one.result()
    return time.perf_counter() - begin


def _counted(jobs: list[tuple[int, UUID]]) -> tuple[int, int]:
    """How many forms are not there whole, and how much is there twice."""
    tokens = {hashed(token_of(ticket)) for _number, ticket in jobs}
    stored = Follow.objects.filter(token__in=tokens)
    with connection.cursor() as cursor:
        cursor.execute("SELECT step_id, count(*) FROM grid_attachment GROUP BY step_id")
        photos = dict(cursor.fetchall())
    whole = [step for step in stored.values_list("step", flat=True) if photos.get(step)]
    steps = Step.objects.filter(note__regex="^第 [0-9]+ 件$") | Step.objects.filter(
        act="report", incident__description__regex="^第 [0-9]+ 件$"
    )
    more = (steps.count() - len(whole)) + sum(photos.get(step, 1) - 1 for step in whole)
    return len(tokens) - len(whole), max(more, 0)


def _photos(number: int) -> list[bytes]:
    """Photos as a page sends them that has made them small: 1600 × 1200, some 300 KB."""
    chance, made = np.random.default_rng(7), []
    for _ in range(number):
        rough = chance.integers(0, 255, (75, 100, 3), np.uint8)
        image = Image.fromarray(rough).resize((1600, 1200), Image.Resampling.BICUBIC)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=90)
        made.append(out.getvalue())
    return made


def _photos_alone(photos: list[bytes], number: int) -> float:
    begin = time.perf_counter()
    with ProcessPoolExecutor(_PROCESSES) as pool:
        list(pool.map(clean_photo, [photos[n % len(photos)] for n in range(number)], chunksize=4))
    return time.perf_counter() - begin
