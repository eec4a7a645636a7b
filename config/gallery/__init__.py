"""The gallery: every part of the design system with invented data; it reads no database."""
