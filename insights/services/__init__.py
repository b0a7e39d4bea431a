"""What computes and stores figures."""
