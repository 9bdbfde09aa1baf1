"""Screens for what a team keeps in lists: people, teams, categories, calendars and the like."""

from app.ui.settings.catalogue.page import CataloguePage
from app.ui.settings.catalogue.pages import catalogue_pages

__all__ = ["CataloguePage", "catalogue_pages"]
