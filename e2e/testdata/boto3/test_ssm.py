"""Parameters and documents."""

import json

from office import Case, client, fresh


class Parameters(Case):
    @classmethod
    def setUpClass(cls):
        cls.ssm = client("ssm")

    def put(self, name, value="x", kind="String", **more):
        return self.ssm.put_parameter(Name=name, Value=value, Type=kind, **more)

    def test_typed_errors(self):
        name = fresh("/boto3/typed")
        with self.assertRaises(self.ssm.exceptions.ParameterNotFound):
            self.ssm.get_parameter(Name=name)
        self.put(name)
        with self.assertRaises(self.ssm.exceptions.ParameterAlreadyExists):
            self.put(name)
        with self.assertRaises(self.ssm.exceptions.ParameterVersionNotFound):
            self.ssm.get_parameter(Name=name + ":7")
        with self.assertRaises(self.ssm.exceptions.InvalidFilterOption):
            self.ssm.describe_parameters(
                ParameterFilters=[{"Key": "Type", "Option": "Recursive", "Values": ["String"]}]
            )
        with self.assertRaises(self.ssm.exceptions.InvalidNextToken):
            self.ssm.describe_parameters(NextToken="bogus")
        text = self.refused("ValidationException", 400, self.put, "no/slash first")
        self.assertTrue(text)
        found = self.ssm.get_parameters(Names=[name, "/boto3/none"])
        self.assertEqual(["/boto3/none"], found["InvalidParameters"])

    def test_secure_string(self):
        name, secret = fresh("/boto3/secret"), "correct 馬 battery\n\t"
        self.put(name, secret, "SecureString")
        sealed = self.ssm.get_parameter(Name=name)["Parameter"]
        self.assertNotIn("correct", sealed["Value"])
        plain = self.ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
        self.assertEqual((secret, "SecureString"), (plain["Value"], plain["Type"]))
        about = self.ssm.describe_parameters(
            ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [name]}]
        )["Parameters"][0]
        self.assertEqual("alias/aws/ssm", about["KeyId"])
        kms = client("kms")
        with self.assertRaises(self.ssm.exceptions.InvalidKeyId):
            self.put(fresh("/boto3/secret"), "x", "SecureString", KeyId="alias/none")
        self.assertEqual("AWS", kms.describe_key(KeyId="alias/aws/ssm")["KeyMetadata"]["KeyManager"])

    def test_values_stay_as_they_are(self):
        for value in ("ünï ☃ 日本 𝄞", "a\r\nb\n", '{"a": "<&>\\u0000"}', " x ", "x" * 4096):
            name = fresh("/boto3/value")
            self.put(name, value)
            self.assertEqual(value, self.ssm.get_parameter(Name=name)["Parameter"]["Value"])

    def test_tags(self):
        name = fresh("/boto3/tags")
        tags = [{"Key": "Größe", "Value": "大 きい + / = . : @ _ -"}, {"Key": "e", "Value": ""}]
        self.put(name, Tags=tags)
        where = {"ResourceType": "Parameter", "ResourceId": name}
        got = self.ssm.list_tags_for_resource(**where)["TagList"]
        self.assertEqual(sorted(map(str, tags)), sorted(map(str, got)))
        self.ssm.remove_tags_from_resource(TagKeys=["e"], **where)
        self.assertEqual(tags[:1], self.ssm.list_tags_for_resource(**where)["TagList"])
        with self.assertRaises(self.ssm.exceptions.InvalidResourceId):
            self.ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name + "x")

    def test_paginators(self):
        path = fresh("/boto3/pages")
        names = [f"{path}/{n}" for n in range(5)]
        for name in names:
            self.put(name)
        filters = [{"Key": "Path", "Option": "Recursive", "Values": [path]}]
        for size in (1, 2):
            self.paged(
                self.ssm, "describe_parameters", "Parameters[].Name", size, names,
                ParameterFilters=filters,
            )
            self.paged(
                self.ssm, "get_parameters_by_path", "Parameters[].Name", size, names, Path=path
            )
        for n in range(4):
            self.put(names[0], str(n), Overwrite=True)
        self.paged(
            self.ssm, "get_parameter_history", "Parameters[].Version", 2, [1, 2, 3, 4, 5],
            Name=names[0],
        )


class Documents(Case):
    @classmethod
    def setUpClass(cls):
        cls.ssm = client("ssm")

    def content(self, text):
        step = {"action": "aws:runShellScript", "name": "s", "inputs": {"runCommand": [text]}}
        return json.dumps({"schemaVersion": "2.2", "mainSteps": [step]}, ensure_ascii=False)

    def make(self, name, text="echo 今日は"):
        return self.ssm.create_document(
            Name=name, Content=self.content(text), DocumentType="Command"
        )["DocumentDescription"]

    def test_typed_errors(self):
        name = fresh("boto3")
        errors = self.ssm.exceptions
        with self.assertRaises(errors.InvalidDocument):
            self.ssm.get_document(Name=name)
        with self.assertRaises(errors.InvalidDocumentContent):
            self.ssm.create_document(Name=name, Content="{}", DocumentType="Command")
        self.make(name)
        with self.assertRaises(errors.DocumentAlreadyExists):
            self.make(name)
        with self.assertRaises(errors.DuplicateDocumentContent):
            self.ssm.update_document(
                Name=name, Content=self.content("echo 今日は"), DocumentVersion="$LATEST"
            )
        got = self.ssm.get_document(Name=name)
        self.assertEqual(self.content("echo 今日は"), got["Content"])

    def test_paginators(self):
        prefix = fresh("boto3-pages")
        names = [f"{prefix}-{n}" for n in range(5)]
        for name in names:
            self.make(name)
        filters = [{"Key": "Name", "Values": [prefix]}]
        self.paged(
            self.ssm, "list_documents", "DocumentIdentifiers[].Name", 2, names, Filters=filters
        )
        for n in range(4):
            self.ssm.update_document(
                Name=names[0], Content=self.content(f"echo {n}"), DocumentVersion="$LATEST"
            )
        self.paged(
            self.ssm, "list_document_versions", "DocumentVersions[].DocumentVersion", 2,
            ["1", "2", "3", "4", "5"], Name=names[0],
        )
