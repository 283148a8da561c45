"""Log groups, streams and events; and tags over all rooms."""

import time

from office import REGION, Case, client, fresh


class Logs(Case):
    @classmethod
    def setUpClass(cls):
        cls.logs = client("logs")

    def test_typed_errors(self):
        errors, name = self.logs.exceptions, "/" + fresh("boto3")
        with self.assertRaises(errors.ResourceNotFoundException):
            self.logs.describe_log_streams(logGroupName=name)
        self.logs.create_log_group(logGroupName=name)
        with self.assertRaises(errors.ResourceAlreadyExistsException):
            self.logs.create_log_group(logGroupName=name)
        with self.assertRaises(errors.InvalidParameterException):
            self.logs.put_retention_policy(logGroupName=name, retentionInDays=31)
        with self.assertRaises(errors.ResourceNotFoundException):
            self.logs.get_log_events(logGroupName=name, logStreamName="none")

    def test_events_and_paginators(self):
        prefix = "/" + fresh("boto3")
        names = [f"{prefix}/{n}" for n in range(5)]
        for name in names:
            self.logs.create_log_group(logGroupName=name)
        for size in (1, 2):
            self.paged(
                self.logs, "describe_log_groups", "logGroups[].logGroupName", size, names,
                logGroupNamePrefix=prefix,
            )
        group = {"logGroupName": names[0]}
        streams = [f"stream-{n}" for n in range(5)]
        for stream in streams:
            self.logs.create_log_stream(logStreamName=stream, **group)
        self.paged(
            self.logs, "describe_log_streams", "logStreams[].logStreamName", 2, streams, **group
        )
        now = int(time.time() * 1000)
        lines = [f"行 {n} ☃ error" for n in range(5)]
        events = [{"timestamp": now + n, "message": line} for n, line in enumerate(lines)]
        self.logs.put_log_events(logStreamName=streams[0], logEvents=events, **group)
        self.paged(
            self.logs, "filter_log_events", "events[].message", 2, lines, filterPattern="error",
            **group,
        )
        got = self.logs.get_log_events(logStreamName=streams[0], startFromHead=True, **group)
        self.assertEqual(lines, [e["message"] for e in got["events"]])

    def test_tags(self):
        name, tags = "/" + fresh("boto3"), {"Größe": "大 きい + / = . : @ _ -", "e": ""}
        self.logs.create_log_group(logGroupName=name, tags=tags)
        arn = self.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["logGroupArn"]
        self.assertEqual(tags, self.logs.list_tags_for_resource(resourceArn=arn)["tags"])


class TagEditor(Case):
    def test_every_room_and_its_pages(self):
        editor, mark = client("resourcegroupstaggingapi"), fresh("boto3")
        value, name = "大 きい", fresh("tagged")
        both = [{"Key": mark, "Value": value}]
        client("ssm").put_parameter(Name=name, Value="x", Type="String", Tags=both)
        client("logs").create_log_group(logGroupName=name, tags={mark: value})
        key = client("kms").create_key(Tags=[{"TagKey": mark, "TagValue": value}])
        s3 = client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": both})
        content = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{}}'
        client("ssm").create_document(
            Name=name, Content=content, DocumentType="Session", Tags=both
        )
        me = client("sts").get_caller_identity()["Account"]
        want = [
            f"arn:aws:ssm:{REGION}:{me}:parameter/{name}",
            f"arn:aws:ssm:{REGION}:{me}:document/{name}",
            f"arn:aws:logs:{REGION}:{me}:log-group:{name}",
            f"arn:aws:s3:::{name}",
            key["KeyMetadata"]["Arn"],
        ]
        for size in (1, 2):
            self.paged(
                editor, "get_resources", "ResourceTagMappingList[].ResourceARN", size, want,
                TagFilters=[{"Key": mark, "Values": [value]}],
            )
        failed = editor.tag_resources(ResourceARNList=want, Tags={"Env": "試験"})
        self.assertEqual({}, failed["FailedResourcesMap"])
        found = editor.get_resources(TagFilters=[{"Key": mark}, {"Key": "Env", "Values": ["試験"]}])
        self.assertEqual(5, len(found["ResourceTagMappingList"]))
        values = [v for p in editor.get_paginator("get_tag_values").paginate(Key=mark) for v in p["TagValues"]]
        self.assertEqual([value], values)
        keys = [k for p in editor.get_paginator("get_tag_keys").paginate() for k in p["TagKeys"]]
        self.assertLessEqual({mark, "Env"}, set(keys))
        with self.assertRaises(editor.exceptions.InvalidParameterException):
            editor.get_resources(ResourcesPerPage=101)
        with self.assertRaises(editor.exceptions.InvalidParameterException):
            editor.get_resources(PaginationToken="bogus")
