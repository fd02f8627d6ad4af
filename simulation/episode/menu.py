"""The menus of choices as the log keeps them."""

from __future__ import annotations

import json


def menu_texts(menu: str) -> list[str]:
    """The options of a stored menu, as they were shown; none if it is not a menu.

    Examples:
        >>> menu_texts('[{"text": "wait here"}, {"text": "sleep"}]')
        ['wait here', 'sleep']
    """
    try:
        options = json.loads(menu)
    except ValueError:
        return []
    if not isinstance(options, list):
        return []
    return [str(option.get("text", "")) for option in options if isinstance(option, dict)]
