"""Tests of evidence, the block's log and the learner record."""
