"""Tests of the adaptive XBlocks; the folders mirror the package."""
