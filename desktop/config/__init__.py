"""Where files live, what the person has chosen, and how the program logs."""
