"""Waiting in the page itself."""

import json

from playwright.sync_api import Page


def until(page: Page, condition: str, seconds: int = 60) -> None:
    """Wait until an expression is true there. Playwright's own `wait_for_function` evaluates a string again and again,
    which our content policy forbids: it fails unless the expression is true at once."""
    page.evaluate(
        f"""async () => {{
          const end = Date.now() + {seconds * 1000};
          while (!({condition})) {{
            if (Date.now() > end) throw new Error("never true: " + {json.dumps(condition)});
            await new Promise((go) => setTimeout(go, 50));
          }}
        }}"""
    )
