"""What they hold: customers, catalogue, subscriptions, entitlements, activity; and everything that brings data in."""
