"""Whole lessons in a real browser."""
