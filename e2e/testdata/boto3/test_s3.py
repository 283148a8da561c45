"""Buckets and objects: waiters, transfers, presigned URLs, checksums, errors."""

import base64
import hashlib
import io
import os
import urllib.error
import urllib.parse
import urllib.request
import zlib

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from office import REGION, VERSION, Case, client, fresh

KEYS = ["./a", "a//b", "../x", "日本 語+1%.txt", "k" * 1019, "sp ace/☃~!*'();:@&=,?#[]"]


class Objects(Case):
    @classmethod
    def setUpClass(cls):
        cls.s3 = client("s3")
        cls.bucket = fresh("boto3")
        cls.s3.create_bucket(
            Bucket=cls.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def test_waiters(self):
        quick = {"Delay": 1, "MaxAttempts": 2}
        self.s3.get_waiter("bucket_exists").wait(Bucket=self.bucket, WaiterConfig=quick)
        self.s3.get_waiter("bucket_not_exists").wait(Bucket=fresh("none"), WaiterConfig=quick)
        self.s3.get_waiter("object_not_exists").wait(
            Bucket=self.bucket, Key="w", WaiterConfig=quick
        )
        self.s3.put_object(Bucket=self.bucket, Key="w", Body=b"")
        self.s3.get_waiter("object_exists").wait(Bucket=self.bucket, Key="w", WaiterConfig=quick)

    def test_typed_errors(self):
        none = fresh("none")
        with self.assertRaises(self.s3.exceptions.NoSuchBucket):
            self.s3.list_objects_v2(Bucket=none)
        with self.assertRaises(self.s3.exceptions.NoSuchKey):
            self.s3.get_object(Bucket=self.bucket, Key="none")
        with self.assertRaises(self.s3.exceptions.BucketAlreadyOwnedByYou):
            self.s3.create_bucket(
                Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        with self.assertRaises(self.s3.exceptions.NoSuchUpload):
            self.s3.list_parts(Bucket=self.bucket, Key="x", UploadId="none")
        self.refused("404", 404, self.s3.head_object, Bucket=self.bucket, Key="none")
        self.refused("404", 404, self.s3.head_bucket, Bucket=none)
        self.refused("NoSuchTagSet", 404, self.s3.get_bucket_tagging, Bucket=self.bucket)
        self.refused("NoSuchBucketPolicy", 404, self.s3.get_bucket_policy, Bucket=self.bucket)

    def test_keys_stay_as_they_are(self):
        for key in KEYS:
            with self.subTest(key=key[:20]):
                self.s3.put_object(
                    Bucket=self.bucket, Key="keys/" + key, Body=key.encode(), Metadata={"N": "v"}
                )
                got = self.s3.get_object(Bucket=self.bucket, Key="keys/" + key)
                self.assertEqual(key.encode(), got["Body"].read())
                self.assertEqual({"n": "v"}, got["Metadata"])
        listed = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="keys/")["Contents"]
        self.assertEqual(sorted(("keys/" + k).encode() for k in KEYS),
                         [o["Key"].encode() for o in listed])

    def test_twelve_megabytes_in_parts(self):
        body = os.urandom(12 << 20)
        config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
        self.s3.upload_fileobj(
            io.BytesIO(body), self.bucket, "large", Config=config,
            ExtraArgs={"ContentType": "application/x-tamachi", "Metadata": {"a": "b"}},
        )
        head = self.s3.head_object(Bucket=self.bucket, Key="large")
        self.assertTrue(head["ETag"].endswith('-3"'), head["ETag"])
        self.assertEqual(
            ("application/x-tamachi", {"a": "b"}, len(body)),
            (head["ContentType"], head["Metadata"], head["ContentLength"]),
        )
        back = io.BytesIO()
        self.s3.download_fileobj(self.bucket, "large", back, Config=config)
        self.assertEqual(hashlib.sha256(body).digest(), hashlib.sha256(back.getvalue()).digest())
        part = self.s3.get_object(Bucket=self.bucket, Key="large", Range="bytes=5242870-5242889")
        self.assertEqual(body[5242870:5242890], part["Body"].read())
        self.assertEqual(206, part["ResponseMetadata"]["HTTPStatusCode"])
        self.s3.copy({"Bucket": self.bucket, "Key": "large"}, self.bucket, "copy", Config=config)
        self.assertEqual(
            len(body), self.s3.head_object(Bucket=self.bucket, Key="copy")["ContentLength"]
        )

    def test_presigned_urls(self):
        where = {"Bucket": self.bucket, "Key": "presigned/ä b.txt"}
        api = client("s3", signature_version="s3v4")
        put = api.generate_presigned_url("put_object", Params=where, ExpiresIn=60)
        self.fetch(put, method="PUT", data=b"by a browser")
        get = api.generate_presigned_url("get_object", Params=where, ExpiresIn=60)
        self.assertEqual(b"by a browser", self.fetch(get))
        for what, url, method in (
            ("a longer life", get.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), "GET"),
            ("another key", get.replace("presigned", "stolen"), "GET"),
            ("another method", get, "DELETE"),
        ):
            with self.subTest(what), self.assertRaises(urllib.error.HTTPError) as caught:
                self.fetch(url, method=method)
            self.assertEqual(403, caught.exception.code)
            self.assertIn(b"<Code>SignatureDoesNotMatch</Code>", caught.exception.read())

    def test_the_presigning_of_old_is_refused_as_in_new_regions(self):
        where = {"Bucket": self.bucket, "Key": "presigned"}
        url = client("s3", signature_version="s3").generate_presigned_url("get_object", Params=where)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.fetch(url)
        self.assertEqual(400, caught.exception.code)
        self.assertIn(b"Please use AWS4-HMAC-SHA256", caught.exception.read())

    def fetch(self, url, method="GET", data=None):
        request = urllib.request.Request(url, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", "")
        with urllib.request.urlopen(request) as response:
            return response.read()

    def test_checksums(self):
        body = "checked 検査".encode()
        crc = base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
        put = self.s3.put_object(Bucket=self.bucket, Key="sum", Body=body, ChecksumAlgorithm="CRC32")
        self.assertEqual(crc, put["ChecksumCRC32"])
        head = self.s3.head_object(Bucket=self.bucket, Key="sum", ChecksumMode="ENABLED")
        self.assertEqual(crc, head["ChecksumCRC32"])
        for algorithm in ("SHA1", "SHA256"):
            got = self.s3.put_object(
                Bucket=self.bucket, Key="sum", Body=io.BytesIO(body), ChecksumAlgorithm=algorithm
            )
            digest = hashlib.new(algorithm.lower(), body).digest()
            self.assertEqual(base64.b64encode(digest).decode(), got["Checksum" + algorithm])
        if VERSION >= (1, 36):  # the first to send one without being asked
            put = self.s3.put_object(Bucket=self.bucket, Key="sum", Body=body)
            self.assertEqual(crc, put["ChecksumCRC32"])
        wrong = base64.b64encode(b"\0\0\0\0").decode()
        self.refused(
            "BadDigest", 400, self.s3.put_object, Bucket=self.bucket, Key="sum2", Body=body,
            ChecksumCRC32=wrong,
        )
        self.refused("404", 404, self.s3.head_object, Bucket=self.bucket, Key="sum2")

    def test_conditions(self):
        where = {"Bucket": self.bucket, "Key": "once"}
        tag = self.s3.put_object(Body=b"1", IfNoneMatch="*", **where)["ETag"]
        self.refused(
            "PreconditionFailed", 412, self.s3.put_object, Body=b"2", IfNoneMatch="*", **where
        )
        self.refused("304", 304, self.s3.get_object, IfNoneMatch=tag, **where)
        self.refused("InvalidRange", 416, self.s3.get_object, Range="bytes=9-", **where)
        self.assertEqual(b"1", self.s3.get_object(IfMatch=tag, **where)["Body"].read())

    def test_tags_and_versions(self):
        bucket = fresh("boto3")
        make = {"LocationConstraint": REGION}
        self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=make)
        tags = [{"Key": "Größe", "Value": "大 きい + / = . : @ _ -"}, {"Key": "e", "Value": ""}]
        self.s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})
        got = self.s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
        self.assertEqual(sorted(map(str, tags)), sorted(map(str, got)))
        self.s3.put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
        )
        ids = [self.s3.put_object(Bucket=bucket, Key="v", Body=b"%d" % n)["VersionId"] for n in range(5)]
        self.s3.put_object_tagging(Bucket=bucket, Key="v", Tagging={"TagSet": tags})
        got = self.s3.get_object_tagging(Bucket=bucket, Key="v")["TagSet"]
        self.assertEqual(sorted(map(str, tags)), sorted(map(str, got)))
        self.paged(self.s3, "list_object_versions", "Versions[].VersionId", 2, ids, Bucket=bucket)
        first = self.s3.get_object(Bucket=bucket, Key="v", VersionId=ids[0])
        self.assertEqual(b"0", first["Body"].read())
        marker = self.s3.delete_object(Bucket=bucket, Key="v")
        self.assertTrue(marker["DeleteMarker"])
        gone = self.s3.delete_objects(
            Bucket=bucket,
            Delete={"Objects": [{"Key": "v", "VersionId": v} for v in ids + [marker["VersionId"]]]},
        )
        self.assertEqual(6, len(gone["Deleted"]), gone)
        self.s3.delete_bucket(Bucket=bucket)
        with self.assertRaises(ClientError):
            self.s3.head_bucket(Bucket=bucket)

    def test_paginators(self):
        keys = [f"page/{n}" for n in range(5)]
        for key in keys:
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"x")
        for operation in ("list_objects_v2", "list_objects"):
            self.paged(
                self.s3, operation, "Contents[].Key", 2, keys, Bucket=self.bucket, Prefix="page/"
            )
        uploads = [
            self.s3.create_multipart_upload(Bucket=self.bucket, Key="up/load")["UploadId"]
            for _ in range(5)
        ]
        self.paged(
            self.s3, "list_multipart_uploads", "Uploads[].UploadId", 2, uploads,
            Bucket=self.bucket, Prefix="up/",
        )
        this = {"Bucket": self.bucket, "Key": "up/load", "UploadId": uploads[0]}
        for number in range(1, 6):
            self.s3.upload_part(PartNumber=number, Body=b"part", **this)
        self.paged(self.s3, "list_parts", "Parts[].PartNumber", 2, [1, 2, 3, 4, 5], **this)
        prefix = fresh("paged")
        names = [f"{prefix}-{n}" for n in range(5)]
        for name in names:
            self.s3.create_bucket(
                Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        self.paged(self.s3, "list_buckets", "Buckets[].Name", 2, names, Prefix=prefix)
