"""Call-offs: their lists, and what is decided and answered of each."""
