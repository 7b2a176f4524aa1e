"""Profile keys that AWS itself defines, sorted by what they mean to runas."""

from __future__ import annotations

EVIDENCE = frozenset(
    "aws_access_key_id aws_secret_access_key aws_session_token aws_security_token"
    " credential_process credential_source web_identity_token_file login_session".split()
)
"""Where a profile's own credentials come from; never inherited."""

CLIENT = frozenset(
    "output s3 services endpoint_url retry_mode max_attempts parameter_validation tcp_keepalive"
    " cli_timestamp_format cli_follow_urlparam cli_binary_format cli_pager cli_auto_prompt"
    " cli_history cli_error_format cli_help_output defaults_mode use_fips_endpoint"
    " use_dualstack_endpoint sts_regional_endpoints ignore_configured_endpoint_urls"
    " ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode ec2_metadata_v1_disabled"
    " metadata_service_timeout metadata_service_num_attempts api_versions sdk_ua_app_id"
    " request_checksum_calculation response_checksum_validation sigv4a_signing_region_set"
    " request_min_compression_size_bytes disable_request_compression account_id_endpoint_mode"
    " auth_scheme_preference s3_us_east_1_regional_endpoint".split()
)
"""How a client behaves; kept by the profile that states it, as the AWS CLI does."""
