"""Plans of the demonstration: invented partnerships' money, made by the services people use."""
