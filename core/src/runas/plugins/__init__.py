"""Find providers by name and load only the one that a profile needs.

Four entry-point groups; listing them reads metadata and imports nothing:

``runas.providers``    the entry point's name is the provider's name
``runas.families``     the protocol families a provider serves (``keys``, ``saml``, ``sso``,
                       ``web_identity``), so that a profile finds its provider without being told
``runas.extensions``   add-ons for every provider: a factor, or a wrapper around ``assume``
``runas.api``          the version of the plugin interface that a plugin was written for

``RUNAS_PLUGINS=acme,audit`` lets the plugins of these names load and no others. The rooms:
`installed` reads the metadata, `versions` compares the interface, `loading` imports and registers,
`narrow` hides from a plugin what is none of its business, `source` looks at code without running
it.
"""

from __future__ import annotations

from runas.plugins.installed import Installed, allowed, blame, candidates, installed
from runas.plugins.loading import compose, load

__all__ = ["Installed", "allowed", "blame", "candidates", "compose", "installed", "load"]
