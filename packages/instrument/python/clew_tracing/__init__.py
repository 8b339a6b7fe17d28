"""Traces Python programs from outside. Nothing in here raises into a program or prints."""
