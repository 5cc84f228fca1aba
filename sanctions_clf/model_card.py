"""The model card: what a model was made from and how it measured, in Markdown."""

from sanctions_clf.model import Model


def card_text(model: Model, name: str = "Model") -> str:
    """Return the card of a model as Markdown."""
    card = model.card
    languages = ", ".join(f"{lang} {count}" for lang, count in card.languages.items())
    lines = [
        f"# {name}",
        "",
        f"Linear classifier on passages of {model.linear.passage_size} sentences, trained by "
        f"sanctions_clf {card.package_version} with scikit-learn {card.sklearn_version}.",
        "",
        f"- Training articles: {card.corpus_size}, {card.corpus_relevant} of them relevant "
        f"({languages})",
        f"- Terms: {len(model.linear.concepts.terms):,} of concepts, "
        f"{len(model.linear.words.terms):,} words",
        f"- Settings: {', '.join(f'{key} {value}' for key, value in card.settings.items())}",
        f"- Seed: {card.seed}",
        f"- Checksums: corpus {card.corpus_checksum[:16]}, lexicon {card.lexicon_checksum[:16]}",
        "",
        "## Figures",
        "",
        "Out of fold on the training articles (folds keep events and pairs together):",
        "",
        *(f"- {key.replace('_', ' ')}: {value:.3f}" for key, value in card.figures.items()),
        "",
        "## Operating points",
        "",
        f"Chosen, like the probabilities, on {card.calibration_sample}. Probabilities hold where "
        f"{model.calibration.share_relevant:.0%} of articles are relevant, as in that sample. "
        f"Average precision there: {card.sample_average_precision:.3f}.",
        "",
        "| name | decision value | probability | recall there | precision there |",
        "|---|---|---|---|---|",
        *(
            f"| {point.name} | {point.threshold:+.2f} | "
            f"{model.calibration.probability(point.threshold):.2f} | {point.recall:.2f} | "
            f"{point.precision:.2f} |"
            for point in model.operating_points.values()
        ),
        "",
        "## Use and limits",
        "",
        "A flagged article is a lead for a person, never a finding about anyone. The model reads "
        "words, not facts: it cannot tell a true report from a false one, nor which law binds "
        "whom. It misses acts told without any of the lexicon's terms, and flags debates that use "
        "them all. Texts in languages that the lexicon lacks are judged by names and loan words.",
    ]
    return "\n".join(lines) + "\n"
