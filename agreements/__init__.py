"""Agreement text, signatures, obligations and follow-up."""
