"""The trail, and the organization."""

import datetime
import json

from office import Case, client, fresh


class Trail(Case):
    @classmethod
    def setUpClass(cls):
        cls.trail = client("cloudtrail")

    def named(self, name):
        return [{"AttributeKey": "ResourceName", "AttributeValue": name}]

    def test_each_call_is_found(self):
        ssm, name = client("ssm"), fresh("/boto3/trail")
        ssm.put_parameter(Name=name, Value="hush", Type="SecureString")
        for n in range(4):
            ssm.put_parameter(Name=name, Value=f"hush {n}", Type="SecureString", Overwrite=True)
        pages = self.trail.get_paginator("lookup_events")
        look = {"LookupAttributes": self.named(name), "PaginationConfig": {"PageSize": 2}}
        events = self.soon(
            "five events",
            lambda: (e := [e for p in pages.paginate(**look) for e in p["Events"]]) and len(e) == 5 and e,
        )
        self.assertEqual({"PutParameter"}, {e["EventName"] for e in events})
        self.assertEqual(5, len({e["EventId"] for e in events}))
        record = json.loads(events[0]["CloudTrailEvent"])
        self.assertEqual("1.11", record["eventVersion"])
        self.assertIn("Boto3/", record["userAgent"])
        self.assertNotIn("hush", events[0]["CloudTrailEvent"])
        self.assertEqual(events[0]["EventTime"].timestamp() // 1, self.time(record["eventTime"]))

    def time(self, text):
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()

    def test_typed_errors(self):
        errors = self.trail.exceptions
        with self.assertRaises(errors.TrailNotFoundException):
            self.trail.get_trail(Name="nobodys-trail")
        with self.assertRaises(errors.S3BucketDoesNotExistException):
            self.trail.create_trail(Name="mine", S3BucketName=fresh("none"))
        with self.assertRaises(errors.InvalidTrailNameException):
            self.trail.get_trail(Name="a")
        with self.assertRaises(errors.InvalidNextTokenException):
            self.trail.lookup_events(NextToken="bogus")

    def test_the_public_keys_have_pages(self):
        pages = self.trail.get_paginator("list_public_keys").paginate()
        self.assertTrue(all("PublicKeyList" in page for page in pages))


class Organization(Case):
    def test_accounts_have_pages(self):
        api = client("organizations")
        with self.assertRaises(api.exceptions.AWSOrganizationsNotInUseException):
            api.describe_organization()
        api.create_organization(FeatureSet="ALL")
        with self.assertRaises(api.exceptions.AlreadyInOrganizationException):
            api.create_organization(FeatureSet="ALL")
        own = [client("sts").get_caller_identity()["Account"]]
        for n in range(4):
            state = api.create_account(Email=f"{fresh('a')}@example.com", AccountName=f"branch {n}")
            request = state["CreateAccountStatus"]["Id"]
            own.append(
                self.soon(
                    "the account",
                    lambda: api.describe_create_account_status(CreateAccountRequestId=request)[
                        "CreateAccountStatus"
                    ].get("AccountId"),
                )
            )
        for size in (1, 2):
            self.paged(api, "list_accounts", "Accounts[].Id", size, own)
