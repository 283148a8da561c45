"""Users, roles, policies: waiters, paginators, typed errors."""

import json

from office import Case, client, fresh

QUICK = {"Delay": 1, "MaxAttempts": 2}


def trust(principal):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
            ],
        }
    )


def allow(*actions):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


EC2 = trust({"Service": "ec2.amazonaws.com"})


class Access(Case):
    @classmethod
    def setUpClass(cls):
        cls.iam = client("iam")

    def test_waiters(self):
        name = fresh("boto3")
        self.iam.create_user(UserName=name)
        self.iam.get_waiter("user_exists").wait(UserName=name, WaiterConfig=QUICK)
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2)
        self.iam.get_waiter("role_exists").wait(RoleName=name, WaiterConfig=QUICK)
        policy = self.iam.create_policy(PolicyName=name, PolicyDocument=allow("ssm:GetParameter"))
        arn = policy["Policy"]["Arn"]
        self.iam.get_waiter("policy_exists").wait(PolicyArn=arn, WaiterConfig=QUICK)
        self.iam.create_instance_profile(InstanceProfileName=name)
        self.iam.get_waiter("instance_profile_exists").wait(
            InstanceProfileName=name, WaiterConfig=QUICK
        )

    def test_typed_errors(self):
        name, errors = fresh("boto3"), self.iam.exceptions
        with self.assertRaises(errors.NoSuchEntityException):
            self.iam.get_user(UserName=name)
        self.iam.create_user(UserName=name)
        with self.assertRaises(errors.EntityAlreadyExistsException):
            self.iam.create_user(UserName=name.upper())
        with self.assertRaises(errors.MalformedPolicyDocumentException):
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument="{}")
        self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=allow("s3:*"))
        with self.assertRaises(errors.DeleteConflictException):
            self.iam.delete_user(UserName=name)
        for _ in range(2):
            self.iam.create_access_key(UserName=name)
        with self.assertRaises(errors.LimitExceededException):
            self.iam.create_access_key(UserName=name)
        text = self.refused("ValidationError", 400, self.iam.get_user, UserName="a b")
        self.assertIn("failed to satisfy constraint", text)

    def test_documents_come_back_decoded(self):
        name = fresh("boto3")
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2)
        role = self.iam.get_role(RoleName=name)["Role"]
        self.assertEqual(json.loads(EC2), role["AssumeRolePolicyDocument"])
        own = allow("ssm:GetParameter", "s3:GetObject")
        self.iam.put_role_policy(RoleName=name, PolicyName="+=,.@-_", PolicyDocument=own)
        got = self.iam.get_role_policy(RoleName=name, PolicyName="+=,.@-_")
        self.assertEqual(json.loads(own), got["PolicyDocument"])

    def test_tags(self):
        name = fresh("boto3")
        tags = [{"Key": "Größe", "Value": "大 きい + / = . : @ _ -"}, {"Key": "e", "Value": ""}]
        self.iam.create_user(UserName=name, Tags=tags)
        got = self.iam.list_user_tags(UserName=name)["Tags"]
        self.assertEqual(sorted(map(str, tags)), sorted(map(str, got)))
        self.iam.untag_user(UserName=name, TagKeys=["Größe"])
        self.assertEqual(tags[1:], self.iam.list_user_tags(UserName=name)["Tags"])

    def test_paginators_of_principals(self):
        path = f"/{fresh('boto3')}/"
        names = [fresh(f"p{n}") for n in range(5)]
        group = names[0]
        for name in names:
            self.iam.create_user(UserName=name, Path=path)
            self.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=EC2)
            self.iam.create_group(GroupName=name, Path=path)
            self.iam.create_instance_profile(InstanceProfileName=name, Path=path)
            self.iam.add_user_to_group(GroupName=group, UserName=name)
        for name in names[1:]:
            self.iam.add_user_to_group(GroupName=name, UserName=names[0])
        for operation, items in (
            ("list_users", "Users[].UserName"),
            ("list_roles", "Roles[].RoleName"),
            ("list_groups", "Groups[].GroupName"),
            ("list_instance_profiles", "InstanceProfiles[].InstanceProfileName"),
        ):
            for size in (1, 2):
                self.paged(self.iam, operation, items, size, names, PathPrefix=path)
        self.paged(self.iam, "get_group", "Users[].UserName", 2, names, GroupName=group)
        self.paged(
            self.iam, "list_groups_for_user", "Groups[].GroupName", 2, names, UserName=names[0]
        )
        pages = self.iam.get_paginator("get_account_authorization_details").paginate(
            Filter=["User"], PaginationConfig={"PageSize": 2}
        )
        seen = [u["UserName"] for page in pages for u in page["UserDetailList"]]
        self.assertEqual(set(names), set(names) & set(seen))
        self.assertEqual(len(seen), len(set(seen)))

    def test_paginators_of_policies(self):
        name, path = fresh("boto3"), f"/{fresh('boto3')}/"
        self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2)
        inline = [f"inline-{n}" for n in range(5)]
        arns = []
        for policy in inline:
            self.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=allow("s3:*"))
            made = self.iam.create_policy(
                PolicyName=fresh("p"), Path=path, PolicyDocument=allow("s3:*")
            )
            arns.append(made["Policy"]["Arn"])
            self.iam.attach_role_policy(RoleName=name, PolicyArn=arns[-1])
        role = {"RoleName": name}
        self.paged(self.iam, "list_role_policies", "PolicyNames[]", 2, inline, **role)
        self.paged(
            self.iam, "list_attached_role_policies", "AttachedPolicies[].PolicyArn", 2, arns, **role
        )
        self.paged(
            self.iam, "list_policies", "Policies[].Arn", 2, arns, Scope="Local", PathPrefix=path
        )
        for n in range(4):
            self.iam.create_policy_version(PolicyArn=arns[0], PolicyDocument=allow(f"s3:Get{n}*"))
        self.paged(
            self.iam, "list_policy_versions", "Versions[].VersionId", 2,
            ["v1", "v2", "v3", "v4", "v5"], PolicyArn=arns[0],
        )
        tags = [{"Key": f"k{n}", "Value": "v"} for n in range(5)]
        self.iam.tag_role(Tags=tags, **role)
        self.paged(self.iam, "list_role_tags", "Tags[].Key", 2, [t["Key"] for t in tags], **role)
