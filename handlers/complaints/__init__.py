"""投诉: complaints and suggestions, service requests, follow-up calls, and instructions of leaders."""
