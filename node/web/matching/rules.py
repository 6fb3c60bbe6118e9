"""/rapprochements: how people and offers are brought together, for anybody who wants to know. Public.

Guarantees: every number on it is a constant of the code that matches; it is written whole in each language, so that it
reads as a text. Read next: `node/mission/matching/match.py`.
"""

from fastapi import APIRouter, Request, Response

from node.kit.i18n import LANGUAGES, language
from node.mission.matching import match, mobility
from node.mission.matching.match import MOST, OCCUPATION
from node.web.frame.pages import render

router = APIRouter()


@router.get("/rapprochements")
def rules(request: Request) -> Response:
    """The fixed rules, their version and its day."""
    spoken = language() if language() in LANGUAGES else "en"
    return render(
        request,
        f"matching/rules.{spoken}.html",
        version=match.RULES_VERSION,
        since=match.RULES_SINCE,
        most=MOST,
        total=sum(MOST),
        occupation={relation.value: points for relation, points in OCCUPATION.items()},
        required=match.REQUIRED_SKILLS,
        wished=match.WISHED_SKILLS,
        at_the_edge=mobility.FAR_POINTS,
        near_miss=mobility.NEAR_MISS_POINTS,
        unknown=mobility.UNKNOWN_POINTS,
        too_far=mobility.TOO_FAR_M // 1000,
    )
