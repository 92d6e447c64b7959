"""Orchestration stands on top: it says what runs when, and holds no rule about data. Nobody imports it."""
