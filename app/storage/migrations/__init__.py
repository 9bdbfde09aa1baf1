"""Ordered, named, transactional changes of the schema; never edited once released."""
