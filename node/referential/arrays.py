"""NumPy, imported when something of it is first used.

That takes a tenth of a second, a sixth of a whole command: one that shows the label of an occupation or the name of a
commune does without.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
else:

    class _WhenUsed:
        def __getattr__(self, name: str) -> Any:
            import numpy

            found = getattr(numpy, name)
            setattr(self, name, found)
            return found

    np = _WhenUsed()

__all__ = ["np"]
