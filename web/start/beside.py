"""What is done beside the server's start, which waits for none of it: the stories of the town, and the compiler."""

import hashlib
import os
import subprocess

from web.start.checkout import Checkout
from web.start.say import part
from web.start.serve import marked


def tell_stories(checkout: Checkout, *, wait: bool) -> None:
    """What people of the demonstration town are busy with.

    One that is killed has told nothing (it is one transaction), and the next start tells all of it.
    """
    _beside(checkout, "stories", ["-m", "django", "make_town", "--stories"], wait)


def compile_search(checkout: Checkout, *, wait: bool) -> None:
    """The loop of the search for cells, once for a machine and a version: a planner would wait for it instead."""
    source = checkout.root / "gis" / "areas" / "plans" / "moves.py"
    wanted = hashlib.sha256(source.read_bytes() + checkout.lock.read_bytes()).hexdigest()
    stamp = checkout.data / "search.stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.write_text(wanted)  # where it fails the first search compiles it after all
    _beside(checkout, "search", ["-c", "from gis.areas.plans.annealing import compile_ahead; compile_ahead()"], wait)


def _beside(checkout: Checkout, name: str, command: list[str], wait: bool) -> None:
    """Run Python in a process of its own. `wait`: there is no server it could be beside, so it is waited for."""
    names = {"PYTHONPATH": str(checkout.root), "DJANGO_SETTINGS_MODULE": "web.settings"}
    env = os.environ | names | ({} if wait else marked(checkout))
    with (checkout.data / "logs" / f"{name}.log").open("w") as log, part(name):
        begun = subprocess.Popen(
            ["nice", str(checkout.python), *command], cwd=checkout.root, env=env, stdout=log, stderr=log
        )
        if wait:
            begun.wait()
