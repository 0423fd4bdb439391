"""What people think of the conditions: ratings, trust between pairs, agreement; never one person's answer."""
