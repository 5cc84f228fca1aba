"""What a token is, for every script: folding, sentences, passages, words and concepts."""
