"""Spreadsheets into rows: read a file, check every cell, and write all of it or nothing."""

from services.imports.kinds import KINDS
from services.imports.loading import Problem, Report, load
from services.imports.sheet import read, read_content
from services.imports.templates import write_template

__all__ = ["KINDS", "Problem", "Report", "load", "read", "read_content", "write_template"]
