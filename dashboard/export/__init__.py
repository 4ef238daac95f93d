"""Exports of a page: the view of the screen as table, picture or paper, made from its own components."""
