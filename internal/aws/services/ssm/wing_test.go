package ssm_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

func open(t *testing.T) *ssm.Client {
	t.Helper()
	return ssm.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
}

func put(t *testing.T, c *ssm.Client, name string, tier types.ParameterTier) types.ParameterTier {
	t.Helper()
	out, err := c.PutParameter(t.Context(), &ssm.PutParameterInput{Name: &name, Value: aws.String("v"), Type: types.ParameterTypeString, Tier: tier})
	if err != nil {
		t.Fatal(err)
	}
	return out.Tier
}

// TestTagsOfAParameter adds, lists and removes.
func TestTagsOfAParameter(t *testing.T) {
	c := open(t)
	put(t, c, "/a", "")
	list := func(id string) string {
		t.Helper()
		out, err := c.ListTagsForResource(t.Context(), &ssm.ListTagsForResourceInput{ResourceType: types.ResourceTypeForTaggingParameter, ResourceId: &id})
		if err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, tag := range out.TagList {
			s = append(s, *tag.Key+"="+*tag.Value)
		}
		return strings.Join(s, " ")
	}
	add := func(kind types.ResourceTypeForTagging, id string, tags ...string) error {
		in := &ssm.AddTagsToResourceInput{ResourceType: kind, ResourceId: &id}
		for _, tag := range tags {
			k, v, _ := strings.Cut(tag, "=")
			in.Tags = append(in.Tags, types.Tag{Key: &k, Value: &v})
		}
		_, err := c.AddTagsToResource(t.Context(), in)
		return err
	}
	remove := func(kind types.ResourceTypeForTagging, id string, keys ...string) error {
		_, err := c.RemoveTagsFromResource(t.Context(), &ssm.RemoveTagsFromResourceInput{ResourceType: kind, ResourceId: &id, TagKeys: keys})
		return err
	}
	const kind = types.ResourceTypeForTaggingParameter
	if err := errors.Join(add(kind, "/a", "b=2", "a=1"), add(kind, "/a", "a=3", "c="), remove(kind, "/a", "b", "none")); err != nil {
		t.Fatal(err)
	}
	if got := list("/a"); got != "a=3 c=" {
		t.Errorf("want a=3 c=, got %s", got)
	}
	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprintf("k%d=v", i))
	}
	apitest.Refused(t, "add", add(kind, "/a", many...), "TooManyTagsError", "")
	apitest.Refused(t, "add", add(kind, "/a", "AWS:x=1"), "ValidationException", "")
	apitest.Refused(t, "add", add(kind, "/none", "a=1"), "InvalidResourceId", "")
	apitest.Refused(t, "remove", remove(kind, "/none", "a"), "InvalidResourceId", "")
	apitest.Refused(t, "add", add(types.ResourceTypeForTaggingManagedInstance, "mi-0123456789abcdef0", "a=1"), "InvalidResourceId", "")
	apitest.Refused(t, "add", add(types.ResourceTypeForTaggingMaintenanceWindow, "mw-0123456789abcdef0", "a=1"), "InvalidResourceType", "")
	_, err := c.ListTagsForResource(t.Context(), &ssm.ListTagsForResourceInput{ResourceType: kind, ResourceId: aws.String("/none")})
	apitest.Refused(t, "ListTagsForResource", err, "InvalidResourceId", "")
	if got := list("/a"); got != "a=3 c=" {
		t.Errorf("a refused call changed the tags: %s", got)
	}
}

// TestServiceSettings makes the calls of aws_ssm_service_setting and sees the
// default tier act.
func TestServiceSettings(t *testing.T) {
	c := open(t)
	const id = "/ssm/parameter-store/default-parameter-tier"
	get := func(id string) *types.ServiceSetting {
		t.Helper()
		out, err := c.GetServiceSetting(t.Context(), &ssm.GetServiceSettingInput{SettingId: &id})
		if err != nil {
			t.Fatal(err)
		}
		return out.ServiceSetting
	}
	first := get(id)
	if *first.SettingValue != "Standard" || *first.Status != "Default" || !strings.HasSuffix(*first.ARN, ":servicesetting"+id) {
		t.Errorf("got %+v", first)
	}
	if got := put(t, c, "/a", ""); got != types.ParameterTierStandard {
		t.Errorf("want Standard, got %s", got)
	}
	if _, err := c.UpdateServiceSetting(t.Context(), &ssm.UpdateServiceSettingInput{SettingId: first.ARN, SettingValue: aws.String("Advanced")}); err != nil {
		t.Fatal(err)
	}
	if s := get(*first.ARN); *s.SettingValue != "Advanced" || *s.Status != "Customized" || s.LastModifiedUser == nil || time.Since(*s.LastModifiedDate) > time.Hour {
		t.Errorf("got %+v", s)
	}
	if got := put(t, c, "/b", ""); got != types.ParameterTierAdvanced {
		t.Errorf("want Advanced by the setting, got %s", got)
	}
	reset, err := c.ResetServiceSetting(t.Context(), &ssm.ResetServiceSettingInput{SettingId: aws.String(id)})
	if err != nil || *reset.ServiceSetting.Status != "Default" || *get(id).SettingValue != "Standard" {
		t.Errorf("got %+v, %v", reset, err)
	}
	if got := put(t, c, "/c", ""); got != types.ParameterTierStandard {
		t.Errorf("want Standard again, got %s", got)
	}
	none := aws.String("/ssm/managed-instance/activation-tier")
	_, err = c.GetServiceSetting(t.Context(), &ssm.GetServiceSettingInput{SettingId: none})
	apitest.Refused(t, "GetServiceSetting", err, "ServiceSettingNotFound", "")
	_, err = c.UpdateServiceSetting(t.Context(), &ssm.UpdateServiceSettingInput{SettingId: none, SettingValue: aws.String("advanced")})
	apitest.Refused(t, "UpdateServiceSetting", err, "ServiceSettingNotFound", "")
	_, err = c.ResetServiceSetting(t.Context(), &ssm.ResetServiceSettingInput{SettingId: none})
	apitest.Refused(t, "ResetServiceSetting", err, "ServiceSettingNotFound", "")
	_, err = c.UpdateServiceSetting(t.Context(), &ssm.UpdateServiceSettingInput{SettingId: aws.String(id), SettingValue: aws.String("Gold")})
	apitest.Refused(t, "UpdateServiceSetting", err, "ValidationException", "")
}
