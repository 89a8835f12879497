"""Keeping primary care: practices, who prescribes there, and shared care (MoC 3.5)."""
