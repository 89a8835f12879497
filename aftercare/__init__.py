"""What follows treatment: partner agencies, and links to the housing and support they offer."""
