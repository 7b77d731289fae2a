"""Tests of the blocks in the real workbench, on a real database."""
