"""botocore's service descriptions, without the parts that a single call never needs.

botocore reads the folder of every one of its services to learn which exist, and 1.2 MB of endpoint
tables that the services' own rule sets have replaced. Both together are two thirds of the time
that creating a client takes. A test compares the addresses and signatures with botocore's own.
"""

from __future__ import annotations

from typing import Any

from botocore.loaders import Loader

# Services with an endpoint in every region, whose rule sets say all there is to say. Older botocore
# needs its table for others: it alone tells there that IAM's requests are signed for us-east-1.
_REGIONAL = frozenset({"ecr", "sso", "sso-oidc", "ssm", "sts"})
_HOSTNAME = "{service}.{region}.{dnsSuffix}"
_VARIANTS = (["fips"], ["dualstack"], ["dualstack", "fips"])


class ServiceData(Loader):  # type: ignore[misc]  # botocore is not typed
    """Load what one service needs, from botocore's own folder only."""

    def __init__(self, service: str) -> None:
        # Not from ~/.aws/models: the user's files must not change how credentials are fetched.
        super().__init__(
            extra_search_paths=[self.BUILTIN_DATA_PATH], include_default_search_paths=False
        )
        self._service = service

    def list_available_services(self, type_name: str) -> list[str]:
        """Name the one service, without looking at all the others."""
        return [self._service]

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        """Load a file; the table of endpoints may be made from the shorter one of partitions."""
        if name != "endpoints" or self._service not in _REGIONAL:
            loaded: tuple[Any, str] = super().load_data_with_path(name)
            return loaded
        table, path = super().load_data_with_path("partitions")
        partitions = [_partition(entry) for entry in table["partitions"]]
        return {"version": 3, "partitions": partitions}, path


def _partition(entry: dict[str, Any]) -> dict[str, Any]:
    suffix = entry["outputs"]["dnsSuffix"]
    variants = [{"tags": tags, "hostname": _HOSTNAME, "dnsSuffix": suffix} for tags in _VARIANTS]
    defaults = {
        "hostname": _HOSTNAME,
        "protocols": ["https"],
        "signatureVersions": ["v4"],
        "variants": variants,
    }
    return {
        "partition": entry["id"],
        "partitionName": entry["id"],
        "dnsSuffix": suffix,
        "regionRegex": entry["regionRegex"],
        "regions": {region: {} for region in entry["regions"]},
        "defaults": defaults,
        "services": {},
    }
