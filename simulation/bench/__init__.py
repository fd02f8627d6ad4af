"""Figures that anyone can measure again: ``sociarium bench SUITE``.

A suite is a module of this package with one function::

    def measures() -> Sequence[Measure]: ...

Its name is the module's, and the first line of the module's docstring says what it measures. A
:class:`Measure` is a label and a function without arguments that returns figures; measures run one
after the other, and the command shows how far it has come. Nothing heavy may happen before a
measure runs. A second function, ``full_measures``, gives the measures at full size. Modules without
``measures`` are no suites, so a suite can keep its parts beside it::

    '''How long a list takes to turn round.'''

    from simulation.bench import Figure, Measure, p50

    def measures() -> list[Measure]:
        return [Measure("a list", _a_list)]

    def _a_list() -> list[Figure]:
        numbers = list(range(1000))
        return [Figure(name="1,000 numbers", value=p50(numbers.reverse) * 1e6, unit="µs", goal=9)]
"""

from __future__ import annotations

from simulation.bench.figure import Figure, Measure
from simulation.bench.suites import Suite, find_suite, suite_names
from simulation.bench.timing import p50

__all__ = ["Figure", "Measure", "Suite", "find_suite", "p50", "suite_names"]
