"""The kernel: a world that keeps time, holds bodies, applies rules and asks minds.

Read in this order: ``clock``, ``streams``, ``ids`` (what makes a run repeatable) · ``ledger`` and
``view`` (what is true, and when) · ``action``, ``effect``, ``percept`` (what crosses between body
and mind) · ``rules`` (what a world decides) · ``world``, ``lockstep`` (how a tick happens).
"""
