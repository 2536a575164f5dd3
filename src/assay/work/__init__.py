"""What runs by itself beside the web pages."""
