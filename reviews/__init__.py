"""Internal review, mediation and outside proceedings."""
