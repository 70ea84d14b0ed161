"""Loads, builds, releases and schedules: everything around the dbt project."""
