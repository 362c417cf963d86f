"""At which level a plan is made, and who stands above it."""

from gis.accounts.scope import Access
from gis.planning.plan import Plan


def level_of(plan: Plan) -> str:
    """The area its owner plans; the plan's own where they plan there no longer."""
    held = (code for code in plan.owner.access.which("plan.write").areas if plan.area.startswith(code))
    return next(held, plan.area)


def is_above(access: Access, level: str) -> bool:
    """Whether somebody approves plans from above a level."""
    return any(level.startswith(code) and level != code for code in access.which("plan.approve").areas)
