"""All open offers against the town's full register."""
