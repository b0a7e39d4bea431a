"""Every door of the installation: who may enter, and that nobody learns anything of somebody else's."""
