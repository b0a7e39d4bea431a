"""The catalogue's sources: the vendor's public file, the reviewed tables, and the SKUs that Seatwise ships."""
