"""Forms of the reviews app: they check shape; whether a step may be taken the services say."""
