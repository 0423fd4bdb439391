"""What posts cost: coverage to be filled, relief, pay steps, benefits, and what levelling of pay adds."""

from __future__ import annotations

import numpy as np

from interlocal.case.staffing import PayScale, Post
from interlocal.costs.world import Array, World


def full_time_equivalents(post: Post, world: World) -> Array:
    """Employees needed: posts × weekly hours × relief ÷ paid hours of one employee.

    Returns
    -------
    ``(draws or 1, 1)`` full-time employees. Relief is paid hours per hour worked, so that leave and training are
    covered; one post around the clock at 40 hours and a relief of 1.2 needs 168 × 1.2 / 40 = 5.04 employees.
    """
    name, label = f"staffing/posts/{post.id}", post.title
    if post.count is not None:
        return world.quantity(post.count, f"{name}/count", f"{label}: employees")
    c = post.coverage
    assert c is not None, "the check of the case asks for count or coverage"
    hours = c.posts * c.hours_per_day * c.days_per_week
    return (
        hours / c.paid_hours_per_week * world.quantity(c.relief, f"{name}/relief", f"{label}: relief factor")
    )


def post_cost(post: Post, world: World, escalator: str | None, starts: int | None) -> Array:
    """Yearly cost of a group of posts: ``(draws, years)`` [currency/year].

    For a joint post that comes from a partner, pay begins on that partner's scale and is levelled by the case's rule
    once the joint service ``starts``.
    """
    scales = {s.id: s for s in world.case.staffing.scales}
    own = _pay(scales[post.scale], post.step, world, escalator)
    if starts is None or post.partner is not None:
        pay = own
    else:
        pay = own + _levelling(post, own, scales, world, escalator, starts)
    benefits = world.quantity(
        post.benefits, f"staffing/posts/{post.id}/benefits", f"{post.title}: benefits rate"
    )
    return full_time_equivalents(post, world) * pay * (1 + benefits)


def _pay(scale: PayScale, step: int, world: World, escalator: str | None) -> Array:
    at = min(step, len(scale.steps)) - 1
    amount = world.money(
        scale.steps[at], f"staffing/scales/{scale.id}/{at + 1}", f"Pay scale {scale.id}, step {at + 1}"
    )
    base = scale.steps[at].year or scale.year or world.price_year
    return amount * world.growth(escalator, base)


def _levelling(
    post: Post, own: Array, scales: dict[str, PayScale], world: World, escalator: str | None, starts: int
) -> Array:
    """Rise above the pay that a joint post's holder has today, by the levelling rule."""
    rule = world.case.staffing.levelling
    if rule is None or rule.rule == "none":
        return np.zeros((1, 1))
    highest = own
    grade = scales[post.scale].grade
    for scale in (s for s in scales.values() if s.grade == grade):
        highest = np.maximum(highest, _pay(scale, post.step, world, escalator))
    since = np.maximum(world.years - starts, 0)[None, :]
    if rule.rule == "highest":
        done = np.ones_like(since, dtype=float)
    elif rule.rule == "phased":
        done = np.minimum((since + 1) / (rule.years or 1), 1.0)
    else:
        turnover = (
            world.quantity(rule.turnover, "staffing/levelling/turnover", "Staff replaced each year")
            if rule.turnover
            else np.zeros((1, 1))
        )
        done = 1 - (1 - turnover) ** since
    return done * (highest - own)
