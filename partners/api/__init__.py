"""The read API's doors, parameters, pages and errors, and what it says about oneself."""
