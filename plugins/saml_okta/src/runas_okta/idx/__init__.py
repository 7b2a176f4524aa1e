"""Okta Identity Engine: the sign-in page's own protocol, IDX.

Every answer says what may be done next (remediations), each with the form to send. Source: the
open Okta Sign-In Widget, https://github.com/okta/okta-signin-widget.
"""
