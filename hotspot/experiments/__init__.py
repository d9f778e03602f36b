"""Runs over runs: how well maps foretold, and what has changed."""
