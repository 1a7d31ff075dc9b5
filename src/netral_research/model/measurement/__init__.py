"""The measurement model: one likelihood for all published counts of the same latent number of reported violations."""
