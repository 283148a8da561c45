package iam

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

func TestTheTagEditorSeesTags(t *testing.T) {
	s, a := openRoom(t, Ports{})
	ctx := api.WithCall(t.Context(), &api.Call{Caller: a.Caller, Account: account, Time: noon})
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	const may = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}`
	name, path := aws.String("thing"), aws.String("/p/q/")
	for _, create := range []func() error{
		func() error {
			_, err := s.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, Path: path, AssumeRolePolicyDocument: aws.String(trust)})
			return err
		},
		func() error {
			_, err := s.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: name, Path: path, PolicyDocument: aws.String(may)})
			return err
		},
		func() error {
			_, err := s.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: name, Path: path})
			return err
		},
		func() error {
			_, err := s.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: name, Path: path})
			return err
		},
	} {
		if err := create(); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Tagged(t.Context(), account, "us-east-1")
	if err != nil || len(all) != 5 {
		t.Fatalf("want the administrator and four things, got %v, %v", all, err)
	}
	for _, r := range all {
		tag, untag, ok := s.TagActions(r.ARN)
		if !ok || !strings.HasPrefix(tag, "iam:Tag") || !strings.HasPrefix(untag, "iam:Untag") {
			t.Errorf("%s: actions %q, %q, %v", r.ARN, tag, untag, ok)
		}
	}
	if elsewhere, err := s.Tagged(t.Context(), account, "ap-northeast-1"); err != nil || len(elsewhere) != 0 {
		t.Errorf("want nothing in another Region, got %v, %v", elsewhere, err)
	}
}

func FuzzParseEntity(f *testing.F) {
	for _, s := range []string{"arn:aws:iam::111122223333:user/a/b", "arn:aws:iam::111122223333:user/", "arn:aws:iam::1:root", "", "arn:aws:iam::1:mfa//"} {
		f.Add(s)
	}
	s := &Service{}
	f.Fuzz(func(t *testing.T, resource string) {
		account, kind, name := parseEntity(resource)
		if kind != "" && (account == "" || name == "" || strings.Contains(name, "/")) {
			t.Errorf("%q was read as %q, %q, %q", resource, account, kind, name)
		}
		s.TagActions(resource)
	})
}
