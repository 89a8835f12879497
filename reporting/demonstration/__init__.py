"""A system to try: people, organisations, returns and figures, loaded as people would."""

from reporting.demonstration.loading import load_demonstration

__all__ = ["load_demonstration"]
