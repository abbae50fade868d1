"""`make bench`: run everything and write docs/reference/benchmarks.md. `--quick` only shows that it runs."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "benchmarks.md"
SEED = 1962
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def main() -> None:
    """Measure, render, write."""
    os.environ.update(dict.fromkeys(THREADS, "1"))  # before anything numerical is imported, here and in what we start
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, printed and not written")
    quick = parser.parse_args().quick

    from benchmarks.page import Results, render

    results = measure_quickly() if quick else measure_all()
    assert isinstance(results, Results)
    text = render(results)
    if not quick:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def measure_all() -> object:
    """The run behind the page; about six minutes."""
    from benchmarks import commands, contraction, growth, memory, speed
    from benchmarks.page import Results

    sizes = (20, 60, 200)
    return Results(
        waits=commands.waits(9),
        speeds={size: speed.measure(size, seed=SEED, rounds=15, seconds=0.15) for size in sizes},
        agreements={size: speed.agreement(size, seed=SEED, worlds=1_000_000) for size in sizes},
        variables=growth.with_variables((25, 50, 100, 200, 400), seed=SEED, worlds=8_000, rounds=15),
        worlds=growth.with_worlds((16_000, 160_000, 1_600_000, 16_000_000), size=60, seed=SEED, block=16_000, rounds=2),
        footprints=tuple(memory.footprint(60, worlds, seed=SEED) for worlds in (10**6, 10**7, 10**8)),
        exact={size: contraction.contractions(size, seed=SEED, rounds=15) for size in sizes},
    )


def measure_quickly() -> object:
    """Every measurement once, at sizes that say nothing."""
    from benchmarks import commands, contraction, growth, memory, speed
    from benchmarks.page import Results

    return Results(
        waits=commands.waits(1),
        speeds={20: speed.measure(20, seed=SEED, rounds=2, seconds=0.02)},
        agreements={20: speed.agreement(20, seed=SEED, worlds=40_000)},
        variables=growth.with_variables((25, 50), seed=SEED, worlds=2_000, rounds=2),
        worlds=growth.with_worlds((16_000, 32_000), size=20, seed=SEED, block=4_000, rounds=1),
        footprints=(memory.footprint(20, 10**5, seed=SEED),),
        exact={20: contraction.contractions(20, seed=SEED, rounds=1)},
    )


if __name__ == "__main__":
    main()
