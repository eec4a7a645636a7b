"""Writes of reviews, mediations and outside proceedings."""
