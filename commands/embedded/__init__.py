"""PostgreSQL and Redis out of Python wheels: nothing to install, data in one folder of ours."""
