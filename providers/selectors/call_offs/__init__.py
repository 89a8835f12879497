"""What is known of call-offs: how a place can be bought, who decides, what waits for whom."""
