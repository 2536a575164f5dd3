"""What somebody was told, as it comes, and how they want to hear of it."""
