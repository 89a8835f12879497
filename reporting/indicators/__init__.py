"""The published indicators: declarations only, read by the engine and by the definition pages."""
