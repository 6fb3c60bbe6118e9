"""The order of the story, step by step; each step is checked from outside before the next begins.

A step returns the sentence that says what is now true.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from node.demo import applications, endings, founding
from node.demo.reasons import told
from node.demo.story import Story


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step of the story: a stable name, whether it came true, and the sentence that says what, or why not."""

    name: str
    ok: bool
    detail: str
    seconds: float


STEPS: tuple[tuple[str, Callable[[Story], str]], ...] = (
    ("towns_import", founding.towns_import),
    ("nodes_start", founding.nodes_start),
    ("network_forms", founding.network_forms),
    ("sheets_released", founding.sheets_released),
    ("campaign_published", founding.campaign_published),
    ("all_synced", founding.all_synced),
    ("employer_searches", applications.employer_searches),
    ("towns_match", applications.towns_match),
    ("candidate_forwarded", applications.candidate_forwarded),
    ("employer_declines", applications.employer_declines),
    ("reason_comes_home", applications.reason_comes_home),
    ("node_killed", applications.node_killed),
    ("another_hired", applications.another_hired),
    ("consent_withdrawn", applications.consent_withdrawn),
    ("coordinator_audits", endings.coordinator_audits),
    ("journals_exported", endings.journals_exported),
    ("nothing_personal_outside", endings.nothing_personal_outside),
)


def play_steps(story: Story) -> Iterator[StoryStep]:
    """Play every step; stops after the first that fails, whatever fails it."""
    for name, step in STEPS:
        began, since = time.monotonic(), datetime.now(UTC)
        try:
            detail = step(story)
        except Exception as error:
            # A node that answers something else, or nothing, may raise anything in a step.
            yield StoryStep(name, False, told(error, story.network, since), time.monotonic() - began)
            return
        yield StoryStep(name, True, detail, time.monotonic() - began)
