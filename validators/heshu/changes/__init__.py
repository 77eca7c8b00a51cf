"""What became of figures, findings and relations between two states of datasets."""
