"""Signing in and out, the password, tokens for scripts."""
