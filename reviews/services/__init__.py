"""What reviews, mediations and outside proceedings do."""
