"""Endpoints on the loopback interface that hand credentials to the SDKs.

`listener` is light: a wrapped command waits for it. All else is imported while the command starts.
"""
