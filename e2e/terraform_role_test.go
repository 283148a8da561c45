package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// As jsonencode writes them; what is read is compared as JSON.
const (
	trustEC2   = `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}],"Version":"2012-10-17"}`
	trustSSM   = `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","ssm.amazonaws.com"]}}],"Version":"2012-10-17"}`
	readOffice = `{"Statement":[{"Action":["ssm:GetParameter*"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`
	seeOffice  = `{"Statement":[{"Action":["ssm:DescribeParameters"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`
	core       = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
)

func (tf *terraform) iam() *iam.Client { return iam.NewFromConfig(tf.config) }

// policy is an aws_iam_policy.
func (tf *terraform) policy(name string) *resource {
	arn := "arn:aws:iam::" + tf.account + ":policy/office/" + name
	document := readOffice
	return &resource{
		name: "aws_iam_policy." + name,
		create: func() {
			_, err := tf.iam().CreatePolicy(tf.Context(), &iam.CreatePolicyInput{
				PolicyName: &name, Path: new("/office/"), Description: new("read"), PolicyDocument: &document,
				Tags: []types.Tag{{Key: new("Team"), Value: new("desk")}},
			})
			tf.done("CreatePolicy", err)
		},
		read: func() attributes { return tf.readPolicy(arn, document) },
		update: func() {
			document = seeOffice
			_, err := tf.iam().ListPolicyVersions(tf.Context(), &iam.ListPolicyVersionsInput{PolicyArn: &arn})
			tf.done("ListPolicyVersions", err)
			_, err = tf.iam().CreatePolicyVersion(tf.Context(), &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: &document, SetAsDefault: true})
			tf.done("CreatePolicyVersion", err)
			_, err = tf.iam().TagPolicy(tf.Context(), &iam.TagPolicyInput{PolicyArn: &arn, Tags: []types.Tag{{Key: new("Env"), Value: new("")}}})
			tf.done("TagPolicy", err)
		},
		destroy: func() { tf.destroyPolicy(arn, document) },
		want: attributes{
			"arn": arn, "name": name, "path": "/office/", "description": "read", "policy": readOffice, "tags": tags{"Team": "desk"},
		},
		changed: attributes{"policy": seeOffice, "tags": tags{"Team": "desk", "Env": ""}},
	}
}

func (tf *terraform) readPolicy(arn, document string) attributes {
	tf.Helper()
	p, err := tf.iam().GetPolicy(tf.Context(), &iam.GetPolicyInput{PolicyArn: &arn})
	tf.done("GetPolicy", err)
	v, err := tf.iam().GetPolicyVersion(tf.Context(), &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: p.Policy.DefaultVersionId})
	tf.done("GetPolicyVersion", err)
	return attributes{
		"arn": *p.Policy.Arn, "name": *p.Policy.PolicyName, "path": *p.Policy.Path, "description": aws.ToString(p.Policy.Description),
		"policy": alike(document, tf.plain(v.PolicyVersion.Document)), "tags": iamTags(p.Policy.Tags),
	}
}

func iamTags(list []types.Tag) tags {
	all := tags{}
	for _, t := range list {
		all[*t.Key] = *t.Value
	}
	return all
}

func (tf *terraform) destroyPolicy(arn, document string) {
	tf.readPolicy(arn, document)
	out, err := tf.iam().ListPolicyVersions(tf.Context(), &iam.ListPolicyVersionsInput{PolicyArn: &arn})
	tf.done("ListPolicyVersions", err)
	for _, v := range out.Versions {
		if !v.IsDefaultVersion {
			_, err := tf.iam().DeletePolicyVersion(tf.Context(), &iam.DeletePolicyVersionInput{PolicyArn: &arn, VersionId: v.VersionId})
			tf.done("DeletePolicyVersion", err)
		}
	}
	_, err = tf.iam().DeletePolicy(tf.Context(), &iam.DeletePolicyInput{PolicyArn: &arn})
	tf.done("DeletePolicy", err)
	_, err = tf.iam().GetPolicy(tf.Context(), &iam.GetPolicyInput{PolicyArn: &arn})
	tf.gone("GetPolicy", "NoSuchEntity", err)
	_, err = tf.iam().DeletePolicy(tf.Context(), &iam.DeletePolicyInput{PolicyArn: &arn})
	tf.gone("DeletePolicy again", "NoSuchEntity", err)
}

// role is an aws_iam_role with an inline policy and two attached ones.
func (tf *terraform) role(name, own string) *resource {
	trust, inline := trustEC2, readOffice
	attached := []string{core, own}
	read := func() attributes { return tf.readRole(name, trust, inline) }
	return &resource{
		name: "aws_iam_role." + name,
		create: func() {
			_, err := tf.iam().CreateRole(tf.Context(), &iam.CreateRoleInput{
				RoleName: &name, Path: new("/office/"), Description: new("nodes"), AssumeRolePolicyDocument: &trust,
				MaxSessionDuration: aws.Int32(3600), Tags: []types.Tag{{Key: new("Team"), Value: new("desk")}},
			})
			tf.done("CreateRole", err)
			_, err = tf.iam().PutRolePolicy(tf.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: new("inline"), PolicyDocument: &inline})
			tf.done("PutRolePolicy", err)
			for _, arn := range attached {
				_, err := tf.iam().AttachRolePolicy(tf.Context(), &iam.AttachRolePolicyInput{RoleName: &name, PolicyArn: &arn})
				tf.done("AttachRolePolicy", err)
			}
		},
		read: read,
		update: func() {
			trust = trustSSM
			_, err := tf.iam().UpdateAssumeRolePolicy(tf.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: &name, PolicyDocument: &trust})
			tf.done("UpdateAssumeRolePolicy", err)
			_, err = tf.iam().UpdateRoleDescription(tf.Context(), &iam.UpdateRoleDescriptionInput{RoleName: &name, Description: new("")})
			tf.done("UpdateRoleDescription", err)
			_, err = tf.iam().UpdateRole(tf.Context(), &iam.UpdateRoleInput{RoleName: &name, MaxSessionDuration: aws.Int32(7200)})
			tf.done("UpdateRole", err)
			_, err = tf.iam().TagRole(tf.Context(), &iam.TagRoleInput{RoleName: &name, Tags: []types.Tag{{Key: new("Env"), Value: new("test")}}})
			tf.done("TagRole", err)
		},
		destroy: func() { read(); tf.destroyRole(name) },
		want: attributes{
			"arn": "arn:aws:iam::" + tf.account + ":role/office/" + name, "name": name, "path": "/office/", "description": "nodes",
			"assume_role_policy": trustEC2, "max_session_duration": int32(3600), "permissions_boundary": "",
			"inline_policy.inline": readOffice, "managed_policy_arns": tags{core: "AmazonSSMManagedInstanceCore", own: "office"}, "tags": tags{"Team": "desk"},
		},
		changed: attributes{
			"assume_role_policy": trustSSM, "description": "", "max_session_duration": int32(7200), "tags": tags{"Team": "desk", "Env": "test"},
		},
	}
}

func (tf *terraform) readRole(name, trust, inline string) attributes {
	tf.Helper()
	got, err := tf.iam().GetRole(tf.Context(), &iam.GetRoleInput{RoleName: &name})
	tf.done("GetRole", err)
	r := got.Role
	state := attributes{
		"arn": *r.Arn, "name": *r.RoleName, "path": *r.Path, "description": aws.ToString(r.Description),
		"assume_role_policy": alike(trust, tf.plain(r.AssumeRolePolicyDocument)), "max_session_duration": *r.MaxSessionDuration,
		"permissions_boundary": "", "tags": iamTags(r.Tags),
	}
	if b := r.PermissionsBoundary; b != nil {
		state["permissions_boundary"] = aws.ToString(b.PermissionsBoundaryArn)
	}
	own, err := tf.iam().ListRolePolicies(tf.Context(), &iam.ListRolePoliciesInput{RoleName: &name})
	tf.done("ListRolePolicies", err)
	for _, p := range own.PolicyNames {
		out, err := tf.iam().GetRolePolicy(tf.Context(), &iam.GetRolePolicyInput{RoleName: &name, PolicyName: &p})
		tf.done("GetRolePolicy", err)
		state["inline_policy."+p] = alike(inline, tf.plain(out.PolicyDocument))
	}
	attached, err := tf.iam().ListAttachedRolePolicies(tf.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: &name})
	tf.done("ListAttachedRolePolicies", err)
	arns := tags{}
	for _, p := range attached.AttachedPolicies {
		arns[*p.PolicyArn] = *p.PolicyName
	}
	state["managed_policy_arns"] = arns
	return state
}

func (tf *terraform) destroyRole(name string) {
	profiles, err := tf.iam().ListInstanceProfilesForRole(tf.Context(), &iam.ListInstanceProfilesForRoleInput{RoleName: &name})
	tf.done("ListInstanceProfilesForRole", err)
	if len(profiles.InstanceProfiles) > 0 {
		tf.Errorf("role %s is in an instance profile of nobody's", name)
	}
	_, err = tf.iam().DeleteRole(tf.Context(), &iam.DeleteRoleInput{RoleName: &name})
	tf.gone("DeleteRole with policies", "DeleteConflict", err)
	attached, err := tf.iam().ListAttachedRolePolicies(tf.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: &name})
	tf.done("ListAttachedRolePolicies", err)
	for _, p := range attached.AttachedPolicies {
		_, err := tf.iam().DetachRolePolicy(tf.Context(), &iam.DetachRolePolicyInput{RoleName: &name, PolicyArn: p.PolicyArn})
		tf.done("DetachRolePolicy", err)
	}
	_, err = tf.iam().DeleteRolePolicy(tf.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: new("inline")})
	tf.done("DeleteRolePolicy", err)
	_, err = tf.iam().DeleteRole(tf.Context(), &iam.DeleteRoleInput{RoleName: &name})
	tf.done("DeleteRole", err)
	_, err = tf.iam().GetRole(tf.Context(), &iam.GetRoleInput{RoleName: &name})
	tf.gone("GetRole", "NoSuchEntity", err)
	_, err = tf.iam().ListInstanceProfilesForRole(tf.Context(), &iam.ListInstanceProfilesForRoleInput{RoleName: &name})
	tf.gone("ListInstanceProfilesForRole of none", "NoSuchEntity", err)
}
