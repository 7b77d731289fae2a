"""The command line `adaptive-xblocks`: check documents, examine an installation, start the demo.

`python -m adaptive_xblocks.cli` is the same. Each command is a module with functions that return data; one printer
shows them. Only the standard library is imported until a command needs more, so that `doctor` also runs where
something is missing.
"""
