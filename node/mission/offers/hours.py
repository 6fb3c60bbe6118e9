"""Minutes a week in words: 35 h, 35 h 30. `node/imports/working_hours.py` reads them back."""


def hours_text(minutes: int) -> str:
    """Hours a week as people write them; empty for 0, which is not said."""
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return ""
    return f"{hours} h {rest:02}" if rest else f"{hours} h"
