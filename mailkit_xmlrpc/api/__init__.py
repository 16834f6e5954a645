"""Mailkit's methods, one module for each group of Mailkit's own documentation.

A group holds the TypedDicts, the specs and the functions of its methods. `methods` is what `Client` inherits, `fields`
makes parameters, `paging` goes through pages, `catalogue` finds a method by its name, and `calls` builds calls without
a client. This file only explains the folder; every name is imported from its module.
"""
