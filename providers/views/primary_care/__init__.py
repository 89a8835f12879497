"""Pages of primary care: practices, prescribers and shared care of a partnership."""
