"""The control interface: what drives people and platform from a test or from the phone's page."""
