"""Keys: bytes, contexts, signatures, paginators, typed errors."""

import hashlib
import hmac

from office import Case, client, fresh
from test_iam import EC2

EVERY_BYTE = bytes(range(256))


class Keys(Case):
    @classmethod
    def setUpClass(cls):
        cls.kms = client("kms")

    def key(self, **how):
        return self.kms.create_key(**how)["KeyMetadata"]["KeyId"]

    def test_bytes_and_contexts(self):
        key, context = self.key(), {"部屋": "三", "room": "3"}
        sealed = self.kms.encrypt(KeyId=key, Plaintext=EVERY_BYTE, EncryptionContext=context)
        blob = sealed["CiphertextBlob"]
        out = self.kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
        self.assertEqual((EVERY_BYTE, sealed["KeyId"]), (out["Plaintext"], out["KeyId"]))
        with self.assertRaises(self.kms.exceptions.InvalidCiphertextException):
            self.kms.decrypt(CiphertextBlob=blob, EncryptionContext={"room": "3"})
        for place in range(0, len(blob), 7):
            broken = bytearray(blob)
            broken[place] ^= 1
            with self.assertRaises(self.kms.exceptions.ClientError):
                self.kms.decrypt(CiphertextBlob=bytes(broken), EncryptionContext=context)
        data = self.kms.generate_data_key(KeyId=key, KeySpec="AES_256")
        again = self.kms.decrypt(CiphertextBlob=data["CiphertextBlob"])
        self.assertEqual(data["Plaintext"], again["Plaintext"])
        self.assertEqual(32, len(data["Plaintext"]))

    def test_typed_errors(self):
        errors, key = self.kms.exceptions, self.key()
        with self.assertRaises(errors.NotFoundException):
            self.kms.describe_key(KeyId="alias/none")
        self.kms.disable_key(KeyId=key)
        with self.assertRaises(errors.DisabledException):
            self.kms.encrypt(KeyId=key, Plaintext=b"x")
        self.kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        with self.assertRaises(errors.KMSInvalidStateException):
            self.kms.enable_key(KeyId=key)
        alias = "alias/" + fresh("boto3")
        other = self.key()
        self.kms.create_alias(AliasName=alias, TargetKeyId=other)
        with self.assertRaises(errors.AlreadyExistsException):
            self.kms.create_alias(AliasName=alias, TargetKeyId=other)
        with self.assertRaises(errors.MalformedPolicyDocumentException):
            self.kms.put_key_policy(KeyId=other, PolicyName="default", Policy="{")
        with self.assertRaises(errors.TagException):
            self.kms.tag_resource(KeyId=other, Tags=[{"TagKey": "aws:x", "TagValue": "y"}])

    def test_signatures_and_codes(self):
        pair = self.key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        what = {"KeyId": pair, "Message": EVERY_BYTE, "SigningAlgorithm": "ECDSA_SHA_256"}
        signature = self.kms.sign(**what)["Signature"]
        self.assertTrue(self.kms.verify(Signature=signature, **what)["SignatureValid"])
        with self.assertRaises(self.kms.exceptions.KMSInvalidSignatureException):
            self.kms.verify(Signature=signature, **dict(what, Message=b"other"))
        mac = self.key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        how = {"KeyId": mac, "Message": b"m", "MacAlgorithm": "HMAC_SHA_256"}
        code = self.kms.generate_mac(**how)["Mac"]
        self.assertEqual(32, len(code))
        self.assertTrue(self.kms.verify_mac(Mac=code, **how)["MacValid"])
        self.assertNotEqual(code, hmac.new(b"", b"m", hashlib.sha256).digest())
        random = {self.kms.generate_random(NumberOfBytes=16)["Plaintext"] for _ in range(3)}
        self.assertEqual(3, len(random))

    def test_paginators(self):
        key = self.key(Tags=[{"TagKey": f"k{n}", "TagValue": "大"} for n in range(5)])
        here = {"KeyId": key}
        self.paged(
            self.kms, "list_resource_tags", "Tags[].TagKey", 2, ["k0", "k1", "k2", "k3", "k4"], **here
        )
        aliases = [f"alias/{fresh('boto3')}" for _ in range(5)]
        for alias in aliases:
            self.kms.create_alias(AliasName=alias, TargetKeyId=key)
        for size in (1, 2):
            self.paged(self.kms, "list_aliases", "Aliases[].AliasName", size, aliases, **here)
        role = client("iam").create_role(RoleName=fresh("boto3"), AssumeRolePolicyDocument=EC2)
        me = role["Role"]["Arn"]
        grants = [
            self.kms.create_grant(
                GranteePrincipal=me, RetiringPrincipal=me, Operations=["Decrypt"], Name=fresh("g"), **here
            )["GrantId"]
            for _ in range(5)
        ]
        self.paged(self.kms, "list_grants", "Grants[].GrantId", 2, grants, **here)
        self.paged(
            self.kms, "list_retirable_grants", "Grants[].GrantId", 2, grants, RetiringPrincipal=me
        )
        self.paged(self.kms, "list_key_policies", "PolicyNames[]", 1, ["default"], **here)
        pages = self.kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2})
        seen = [k["KeyId"] for page in pages for k in page["Keys"]]
        self.assertIn(key, seen)
        self.assertEqual(len(seen), len(set(seen)))
