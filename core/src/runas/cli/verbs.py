"""The subcommands: where each one lives, and the line that help shows. Nothing here loads them."""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """One subcommand. ``path`` is what is typed; ``target`` is ``module:function``.

    ``rest`` marks one whose own words may look like options (a command to run); ``words`` says
    what completion offers behind it: ``PROFILE``, ``SHELL`` or nothing.
    """

    path: str
    target: str
    help: str
    rest: bool = False
    words: str = "PROFILE"

    @property
    def group(self) -> str:
        """The first of two words, or nothing."""
        return self.path.partition(" ")[0] if " " in self.path else ""

    @property
    def name(self) -> str:
        """The last word."""
        return self.path.rpartition(" ")[2]


GROUPS = {
    "configure": "Write profiles.",
    "ecr": "Log in to container registries.",
    "list": "List roles, MFA devices or profiles.",
    "plugin": "Show, write and check plugins.",
    "serve": "Serve credentials to other programs, with a page to log in at.",
    "ssm": "Reach instances through Session Manager.",
}

EXAMPLES = {
    "configure": ("configure profile dev", "configure populate --dry-run"),
    "ecr": ("ecr login admin",),
    "list": ("list roles admin", "list mfa admin", "list profiles"),
    "plugin": ("plugin list", "plugin info NAME", "plugin check"),
    "serve": ("serve ecs admin", "serve ec2 -p 8000 admin"),
    "ssm": ("ssm shell admin i-0123456789abcdef0", "ssm forward -p 5432 admin Name:db:5432"),
}
"""What the help of each group shows, behind ``runas``."""

VERBS = (
    Verb("completion", "completion:completion", "Print a completion script.", words="SHELL"),
    Verb(
        "configure import",
        "importing:configure_import",
        "Take over another tool's profiles.",
        words="",
    ),
    Verb(
        "configure populate",
        "populate:configure_populate",
        "Write a profile for every role that there is.",
    ),
    Verb("configure profile", "configure:configure_profile", "Write one profile.", words=""),
    Verb("console", "console:console", "Open the AWS console as the role."),
    Verb("diagnose", "diagnose:diagnose", "Say what is in the way of a login."),
    Verb("ecr login", "ecr:login", "Log docker or podman in to ECR registries."),
    Verb("exec", "execute:execute", "Run a command, as without a subcommand.", rest=True),
    Verb("forward", "ssm:forward", "As 'ssm forward'."),
    Verb("list mfa", "listing:mfa", "List your second factors."),
    Verb("list profiles", "listing:profiles", "List the profiles of the AWS files."),
    Verb("list roles", "listing:roles", "List the roles that you may assume."),
    Verb("login", "sessions:login", "Log in to a profile's provider."),
    Verb("logout", "sessions:logout", "End the session with a profile's provider."),
    Verb("password", "password:password", "Keep the password of a sign-in address."),
    Verb("plugin check", "plugin_check:check", "Check what every plugin promises."),
    Verb("plugin info", "plugin:info", "Show a plugin's settings and documentation."),
    Verb("plugin list", "plugin:list_plugins", "List the installed plugins."),
    Verb("plugin new", "plugin_new:new", "Write a new plugin that passes its tests at once."),
    Verb("sandbox", "sandbox:sandbox", "Open a shell with an AWS of its own.", rest=True, words=""),
    Verb("serve ec2", "serve:ec2", "Serve as EC2's metadata service does."),
    Verb("serve ecs", "serve:ecs", "Serve as ECS's container agent does."),
    Verb("shell", "ssm:shell", "As 'ssm shell'."),
    Verb("ssm forward", "ssm:forward", "Forward a port through Session Manager."),
    Verb("ssm shell", "ssm:shell", "Open a shell on an instance."),
    Verb("ssm ssh", "ssm:ssh", "Carry an ssh connection, as its ProxyCommand."),
    Verb("status", "status:status", "Show what is cached, and when it ends.", words=""),
    Verb("update", "update:update", "Look for newer releases of core and plugins.", words=""),
)
"""Every subcommand, in the order of help. ``help`` itself is answered by the app."""
