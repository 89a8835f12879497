"""Links of the synthetic England to housing, support and work. Every agency in it is invented."""
