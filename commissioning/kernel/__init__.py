"""Small things every app stands on. Knows no app and no model."""
