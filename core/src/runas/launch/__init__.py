"""The command that runas runs: its environment, its files, its start and its end.

Every cached command passes through here, so these modules import `os` and `sys`, and the rest where
it is needed. What they take from ``_signal`` and ``_socket`` is public in ``signal`` and
``socket``, whose enums cost as much as a third and a half of starting Python.
"""
