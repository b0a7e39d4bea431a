"""How people and days are laid out in words of bits."""

BLOCK = 64
BLOCK_SHIFT = 6
