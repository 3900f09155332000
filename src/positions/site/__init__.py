"""Notebooks run, pages made, the finished site switched in."""
