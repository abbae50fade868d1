"""What people said, judged by what follows: a verdict with a number, a range and a reason."""
