"""What people of the demonstration town are busy with: told beside the server's start, which waits for none of it."""

import os
import subprocess

from web.start.checkout import Checkout
from web.start.say import part
from web.start.serve import marked


def tell_stories(checkout: Checkout, *, wait: bool) -> None:
    """Tell them in a process of its own. `wait`: there is no server it could be beside, so it is waited for.

    One that is killed has told nothing (it is one transaction), and the next start tells all of it.
    """
    command = ["nice", str(checkout.python), "-m", "django", "make_town", "--stories"]
    names = {"PYTHONPATH": str(checkout.root), "DJANGO_SETTINGS_MODULE": "web.settings"}
    env = os.environ | names | ({} if wait else marked(checkout))
    with (checkout.data / "logs" / "stories.log").open("w") as log, part("stories"):
        telling = subprocess.Popen(command, cwd=checkout.root, env=env, stdout=log, stderr=log)
        if wait:
            telling.wait()
