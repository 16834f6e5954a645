"""Mailkit's methods, one module for each group of Mailkit's own documentation.

A group holds the TypedDicts, the specs and the functions of its methods. A member of an answer is required in its
TypedDict unless a source says that not every answer has it: then it stands in a base of its own, with total=False.
`methods` is what `Client` inherits, `fields` makes parameters, `paging` goes through pages, `catalogue` finds a method
by its name, and `calls` builds calls without a client. This file only explains the folder; every name is imported from
its module.
"""
