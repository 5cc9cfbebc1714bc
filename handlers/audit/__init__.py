"""审计: every change and every reading of personal data, for admins."""
