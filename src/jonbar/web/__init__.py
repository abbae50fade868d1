"""Door two: a page on this machine to argue with a scenario. It answers nobody else."""
