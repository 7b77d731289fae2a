"""Programs for people who work on the suite; none of them is installed."""
