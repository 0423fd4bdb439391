"""What things cost: lines and their behaviour, staffing, do-nothing paths."""
