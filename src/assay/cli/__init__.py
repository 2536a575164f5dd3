"""Door for shells: one small module for each group of commands; `commands.py` says which is where."""
