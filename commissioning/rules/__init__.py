"""What is known and reckoned without rows: pure arithmetic and judgement, a subject a module."""
