"""The demo portfolio: invented partners and customers that look like life, written as a feed (docs/demo.md)."""

from customers.demo.feed import write_demo_feed

__all__ = ["write_demo_feed"]
