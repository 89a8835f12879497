"""What providers are asked about, in our own words, with where each rests."""
