"""The composition root: settings, addresses, commands and embedded servers. Imports the apps; nothing imports it."""
