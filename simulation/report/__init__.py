"""Reports: one page that holds an episode or an experiment, with every number's events."""
