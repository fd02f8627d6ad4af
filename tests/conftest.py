"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# The machines that run this are shared, so how long an example takes says nothing.
settings.register_profile("sociarium", deadline=None)
settings.load_profile("sociarium")
