"""Where they live: Tidemark, and what it takes to make a town of one's own out of a map file."""
