"""Layouts: from a sheet to the cells of figures, in long form or as a statistical table is laid out."""
