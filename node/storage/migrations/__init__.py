"""Alembic's folder: env.py is run by it, versions/ holds one module a revision. See `node/storage/migrate.py`.

Revisions go forward only: the way back is the backup that was taken before.
"""
