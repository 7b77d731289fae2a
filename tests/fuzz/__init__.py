"""Hostile input, made by rule and by chance, against everything that reads it."""
