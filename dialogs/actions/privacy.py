"""The privacy notice that binding asks consent to. A change of its words is a new version, asked for anew."""

VERSION = "2026-11"
