"""What all pages of staff stand on: who asks, what they may, what is drawn, and what no other page may do for them.

A new page: a module with `routes = Routes("/…")` (see routes), named in `app.ROUTES`; templates below
handlers/templates that extend base.html; files for the browser below handlers/static, named by `asset()`.
"""
