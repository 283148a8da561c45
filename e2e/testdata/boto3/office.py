"""What the parts of the suite share: clients of the plane, and assertions."""

import os
import re
import time
import unittest
import uuid

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ["AWS_ENDPOINT_URL"]
REGION = os.environ["AWS_REGION"]
VERSION = tuple(int(n) for n in botocore.__version__.split(".")[:2])

# Anything that must be told twice is a fault: no retries.
ONCE = {"total_max_attempts": 1}


def client(service, session=None, url=URL, region=REGION, **options):
    """A client signed as the administrator, or as the session's caller."""
    verify = options.pop("verify", None)
    return (session or boto3.session.Session()).client(
        service,
        region_name=region,
        endpoint_url=url,
        verify=verify,
        config=Config(retries=ONCE, **options),
    )


def fresh(prefix):
    """A name that no other test has."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def session_of(credentials):
    """A boto3 session of what sts answered."""
    return boto3.session.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials.get("SessionToken"),
    )


class Case(unittest.TestCase):
    """A test with the plane's assertions."""

    maxDiff = None

    def refused(self, code, status, call, *args, **kwargs):
        """Wants a ClientError with this code, and answers its text."""
        with self.assertRaises(ClientError) as caught:
            call(*args, **kwargs)
        response = caught.exception.response
        self.assertEqual(code, response["Error"]["Code"], response)
        self.assertEqual(status, response["ResponseMetadata"]["HTTPStatusCode"], response)
        self.assertTrue(response["ResponseMetadata"]["RequestId"], response)
        return response["Error"]["Message"]

    def paged(self, api, operation, path, size, want, **kwargs):
        """Wants the paginator to find exactly these, over full pages of size."""
        pages = list(
            api.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **kwargs)
        )
        found, most = [], 0
        for page in pages:
            part = search(path, page)
            found += part
            most = max(most, len(part))
        self.assertEqual(sorted(want), sorted(found), operation)
        self.assertLessEqual(most, size, operation)
        self.assertGreaterEqual(len(pages), -(-len(want) // size), operation)
        return found

    def soon(self, what, so, limit=10):
        """Asks until it is so."""
        end = time.monotonic() + limit
        while True:
            got = so()
            if got:
                return got
            self.assertLess(time.monotonic(), end, f"{what}: not within {limit} s")
            time.sleep(0.1)


def search(path, page):
    """A little of JMESPath: 'Users[].UserName', or 'PolicyNames[]'."""
    listed, _, member = re.fullmatch(r"(\w+)\[\](\.(\w+))?", path).groups()
    return [item[member] if member else item for item in page.get(listed) or []]
