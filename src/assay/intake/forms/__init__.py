"""The public door for forms: hosted, in a frame of another website, or put there by a script."""
