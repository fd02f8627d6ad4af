"""Figures fit for a paper: labels, units, N, the model, colours that everybody can tell apart."""
