"""What follows treatment: aftercare plans and links. Nothing is here yet."""
