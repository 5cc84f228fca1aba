"""Check that a model decides as when it was made."""

from sanctions_clf.domain import lexicon_checksum
from sanctions_clf.model import Model

_TOLERANCE = 1e-9


def verify_model(model: Model) -> list[str]:
    """Return what differs from when the model was made, one line each; empty for nothing."""
    problems = []
    if model.card.lexicon_checksum != lexicon_checksum():
        problems.append("it was trained with another concept lexicon; train it again")
    if not model.golden:
        problems.append("it holds no golden texts")
    for text in model.golden:
        value = model.linear.decide(text.text, text.lang or None).value
        if abs(value - text.decision_value) > _TOLERANCE * max(1.0, abs(value)):
            problems.append(
                f"golden text {text.text[:40]!r} has decision value {value:.9f}, "
                f"not {text.decision_value:.9f}"
            )
    return problems
