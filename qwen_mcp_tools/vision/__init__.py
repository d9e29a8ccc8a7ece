"""Looking at pictures: getting and checking them, the question, the wire, the plan's rules."""
