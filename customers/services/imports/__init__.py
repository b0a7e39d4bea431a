"""Brings in what vendors and customers really deliver: `apply` and `preview` take their files, `uploads` what staff sends.

Bytes are recognised and read (customers.imports) into a temporary folder of a feed's files, which are loaded in one transaction.
"""

from customers.services.imports.delivery import Delivery, Given
from customers.services.imports.running import apply, preview

__all__ = ["Delivery", "Given", "apply", "preview"]
