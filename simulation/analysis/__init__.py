"""What can be counted in an episode, each number with the events behind it."""
