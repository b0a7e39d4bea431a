"""Next steps: when which advice is given, and in which words."""
