"""Pages of a provider's quality, and of lists of preferred providers."""
