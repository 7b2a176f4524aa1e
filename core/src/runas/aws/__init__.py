"""Talking to AWS: clients, STS, IAM, and what their faults mean. botocore is imported on use only.

Plugins may use `runas.aws.clients` and `runas.aws.sts`; every call that goes through them honours
the user's endpoints, proxies and certificates, and fails with an error of `runas.errors`.
"""
