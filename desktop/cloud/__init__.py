"""AWS and services that speak like it: the only package that knows boto3."""
