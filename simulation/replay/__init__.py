"""Watching an episode: the reel that is made of it, the player, the page, the live view."""
