"""Tests of app.deployment: what owners propose, decide, and see of their definitions."""
