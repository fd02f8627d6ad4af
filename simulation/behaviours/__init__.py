"""What emerged: volunteering, conformity and destruction, each finding with its events."""
