"""Algebra that learners type."""
