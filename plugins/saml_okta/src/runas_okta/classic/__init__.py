"""The Classic authentication API: one transaction, moved on by following its links.

https://developer.okta.com/docs/reference/api/authn/
"""
