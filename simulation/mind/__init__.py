"""Minds: what happens between a percept and an action.

``generative`` is the mind of the generative agents: it perceives, remembers, retrieves, decides,
talks, plans and reflects, each in its own module, with the prompts beside them. ``rules`` is a
classic trait-driven mind without any model: the control arm. ``uniform`` draws at random.
"""
