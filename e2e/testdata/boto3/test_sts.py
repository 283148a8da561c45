"""Sessions, wrong signatures, wrong clocks, TLS."""

import datetime
import os
import unittest.mock
import urllib.request

import botocore.auth
from botocore.exceptions import SSLError

from office import REGION, Case, client, fresh, session_of
from test_iam import allow, trust


class Sessions(Case):
    @classmethod
    def setUpClass(cls):
        cls.iam, cls.sts = client("iam"), client("sts")
        cls.account = cls.sts.get_caller_identity()["Account"]
        cls.name = fresh("boto3")
        cls.role = cls.iam.create_role(
            RoleName=cls.name,
            AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{cls.account}:root"}),
        )["Role"]["Arn"]
        cls.iam.put_role_policy(
            RoleName=cls.name, PolicyName="p",
            PolicyDocument=allow("ssm:PutParameter", "ssm:GetParameter", "s3:*"),
        )

    def assume(self, **more):
        return self.sts.assume_role(RoleArn=self.role, RoleSessionName="visitor", **more)

    def test_a_session_may_what_its_role_may(self):
        out = self.assume()
        session = session_of(out["Credentials"])
        who = client("sts", session).get_caller_identity()
        self.assertEqual(out["AssumedRoleUser"]["Arn"], who["Arn"])
        ssm, name = client("ssm", session), fresh("/boto3/session")
        ssm.put_parameter(Name=name, Value="x", Type="String")
        self.assertEqual("x", ssm.get_parameter(Name=name)["Parameter"]["Value"])
        text = self.refused("AccessDeniedException", 400, ssm.delete_parameter, Name=name)
        self.assertIn(f"assumed-role/{self.name}/visitor is not authorized to perform", text)
        left = out["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
        self.assertTrue(3500 < left.total_seconds() < 3601, left)
        s3, bucket = client("s3", session, signature_version="s3v4"), fresh("session")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key="k", Body=b"x")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
        with urllib.request.urlopen(url) as response:
            self.assertEqual(b"x", response.read())

    def test_a_session_policy_takes_away(self):
        out = self.assume(Policy=allow("ssm:GetParameter"), DurationSeconds=900)
        ssm = client("ssm", session_of(out["Credentials"]))
        self.refused(
            "AccessDeniedException", 400, ssm.put_parameter, Name="/x", Value="x", Type="String"
        )

    def test_a_token_is_needed_whole(self):
        good = self.assume()["Credentials"]
        bad = dict(good, SessionToken=good["SessionToken"][:-8] + "AAAAAAA=")
        without = {k: v for k, v in good.items() if k != "SessionToken"}
        for what, credentials in (("tampered", bad), ("without", without)):
            with self.subTest(what):
                api = client("sts", session_of(credentials))
                self.refused("InvalidClientTokenId", 403, api.get_caller_identity)
        wrong = client("sts", session_of(dict(good, SecretAccessKey="x" * 40)))
        self.refused("SignatureDoesNotMatch", 403, wrong.get_caller_identity)

    def test_other_sessions(self):
        out = self.sts.get_session_token(DurationSeconds=900)["Credentials"]
        api = client("ssm", session_of(out))
        api.describe_parameters(MaxResults=1)
        out = self.sts.get_federation_token(Name="guest", Policy=allow("ssm:DescribeParameters"))
        session = session_of(out["Credentials"])
        self.assertEqual(
            out["FederatedUser"]["Arn"], client("sts", session).get_caller_identity()["Arn"]
        )
        client("ssm", session).describe_parameters(MaxResults=1)
        self.refused("AccessDeniedException", 400, client("ssm", session).get_parameter, Name="/x")

    def test_typed_errors(self):
        errors = self.sts.exceptions
        with self.assertRaises(errors.MalformedPolicyDocumentException):
            self.assume(Policy="{")
        self.refused(
            "AccessDenied", 403, self.sts.assume_role, RoleArn=self.role + "x", RoleSessionName="me"
        )
        self.refused("ValidationError", 400, self.assume, DurationSeconds=7200)

    def test_clock_skew(self):
        for minutes, allowed in ((-14, True), (14, True), (-16, False), (16, False)):
            with self.subTest(minutes=minutes), wrong_clock(minutes):
                if allowed:
                    client("sts").get_caller_identity()
                    client("s3").list_buckets()
                    continue
                text = self.refused("SignatureDoesNotMatch", 403, client("sts").get_caller_identity)
                want = "Signature expired" if minutes < 0 else "Signature not yet current"
                self.assertIn(want, text)
                self.refused("InvalidSignatureException", 400, client("ssm").describe_parameters)
                self.refused("RequestTimeTooSkewed", 403, client("s3").list_buckets)


def wrong_clock(minutes):
    """The signer's clock is wrong by so many minutes."""
    delta = datetime.timedelta(minutes=minutes)
    if hasattr(botocore.auth, "get_current_datetime"):
        right = botocore.auth.get_current_datetime
        return unittest.mock.patch.object(
            botocore.auth, "get_current_datetime", lambda *a, **k: right(*a, **k) + delta
        )
    fake = unittest.mock.Mock(wraps=datetime)  # before botocore 1.40
    fake.datetime.utcnow = lambda: datetime.datetime.utcnow() + delta
    return unittest.mock.patch.object(botocore.auth, "datetime", fake)


class TLS(Case):
    def test_the_planes_own_authority(self):
        https, ca = os.environ["TAMACHI_HTTPS"], os.environ["TAMACHI_CA"]
        me = client("sts").get_caller_identity()["Arn"]
        self.assertEqual(me, client("sts", url=https, verify=ca).get_caller_identity()["Arn"])
        s3, bucket = client("s3", url=https, verify=ca), fresh("tls")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 100000)  # without a signed payload
        self.assertEqual(100000, len(s3.get_object(Bucket=bucket, Key="k")["Body"].read()))
        with self.assertRaises(SSLError):
            client("sts", url=https, verify=True).get_caller_identity()
