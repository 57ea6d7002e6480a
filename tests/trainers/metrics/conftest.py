import pytest

from trainers.metrics import extractor


@pytest.fixture(autouse=True)
def _few_features(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins have fewer images than Inception-v3 has features, and fewer features as well."""
    monkeypatch.setitem(extractor.FEATURE_SIZES, "inception", 8)
