"""How many generated histories a run has, in parts that run side by side: 500 in `make test`, 10,000 in `make test-long`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

LONG = os.environ.get("SEATWISE_HYPOTHESIS_PROFILE") == "long"
"""Whether this is the long form, `make test-long`."""
PARTS = range(1000, 1040) if LONG else range(10)
EXAMPLES_PER_PART = 250 if LONG else 50
# Every example is a load or more: to make a failing one smaller takes minutes, which only the long form has.
PHASES = [Phase.generate, Phase.shrink] if LONG else [Phase.generate]


def check_generated(
    part: int, strategy: SearchStrategy[Any], check: Callable[[Any], None], *, share: float = 1.0
) -> None:
    """Run `check` on one part's examples, or on a share of them; the same ones every time."""

    @seed(part)
    @settings(max_examples=int(EXAMPLES_PER_PART * share), phases=PHASES)
    @given(strategy)
    def run(example: Any) -> None:
        check(example)

    run()
