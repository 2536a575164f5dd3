"""Measurements. Every figure is a ratio inside one run, its sides interleaved; nothing here is a test."""
