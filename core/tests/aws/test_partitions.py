"""Partitions, and the region to sign for."""

import botocore.session
import pytest

from runas.aws.partitions import partition_in, partition_of, region_for


def test_every_region_s_partition_is_the_one_botocore_knows():
    loader = botocore.session.Session().get_component("data_loader")
    for entry in loader.load_data("partitions")["partitions"]:
        for region in entry["regions"]:
            assert partition_of(region) == entry["id"] or region.endswith("-global"), region
        assert partition_of(region_for(None, entry["id"])) == entry["id"]


@pytest.mark.parametrize(
    ("arn", "partition"),
    [
        ("arn:aws-cn:iam::222233334444:role/admin", "aws-cn"),
        ("arn:aws:iam::111122223333:mfa/me", "aws"),
        ("GAHT12345678", None),
        ("", None),
        (None, None),
        ("admin", None),
    ],
)
def test_an_arn_tells_its_partition(arn, partition):
    assert partition_in(arn) == partition


def test_a_partition_that_is_not_known_yet_is_called_somewhere():
    assert region_for(None, "aws-moon") == "us-east-1"
