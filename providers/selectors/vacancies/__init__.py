"""Places that are free for the nights somebody asks for, and how they would be bought."""
