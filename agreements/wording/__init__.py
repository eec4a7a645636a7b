"""The wording of agreements: its small language, its variables, and the texts that come with us."""
