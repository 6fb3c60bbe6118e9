"""What the stories of the API read answers with."""

from httpx2 import Response


def problem(response: Response, status: int, word: str) -> dict[str, object]:
    """The problem document of a refusal (RFC 9457), checked."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["type"] == f"urn:maillon:problem:{word}"
    assert document["status"] == status
    assert document["title"]
    return dict(document)
