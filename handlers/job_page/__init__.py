"""A technician's page of one job, behind the link in its message: no sign-in, no cookies, nothing but that job."""

from handlers.job_page.routes import add

__all__ = ["add"]
