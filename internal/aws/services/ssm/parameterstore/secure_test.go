package parameterstore_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

func secure(key string) func(*ssm.PutParameterInput) {
	return func(in *ssm.PutParameterInput) {
		in.Type = types.ParameterTypeSecureString
		if key != "" {
			in.KeyId = &key
		}
	}
}

func (c client) decrypt(name string) (string, error) {
	out, err := c.GetParameter(c.t.Context(), &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return "", err
	}
	return *out.Parameter.Value, nil
}

// TestSecureStringsByTheRoomOfKeys stores secrets under the AWS managed key and
// under a key of one's own, in either tier.
func TestSecureStringsByTheRoomOfKeys(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client{ssm.NewFromConfig(p.Config()), t}
	keys := kms.NewFromConfig(p.Config())
	own, err := keys.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	id := *own.KeyMetadata.KeyId
	if _, err := keys.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/office"), TargetKeyId: &id}); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("long ", 1000)
	c.put("/s/managed", "hunter2", secure(""))
	c.put("/s/own", "hunter3", secure("alias/office"))
	c.put("/s/long", long, secure(id), advanced)
	for name, want := range map[string]string{"/s/managed": "hunter2", "/s/own": "hunter3", "/s/long": long} {
		if got, err := c.decrypt(name); err != nil || got != want {
			t.Errorf("%s: want %.20s, got %.20s, %v", name, want, got, err)
		}
		if closed := c.get(name); strings.Contains(closed, "hunter") || strings.Contains(closed, "long ") || closed == "" {
			t.Errorf("%s: want ciphertext without decryption, got %.40s", name, closed)
		}
	}
	list, err := c.DescribeParameters(t.Context(), &ssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{stringFilter("KeyId", "", "alias/office")}})
	if err != nil || len(list.Parameters) != 1 || *list.Parameters[0].Name != "/s/own" {
		t.Errorf("want the parameter under its key, got %+v, %v", list, err)
	}
	_, err = c.tryPut("/s/none", "x", secure("alias/none"))
	apitest.Refused(t, "tryPut", err, "InvalidKeyId", "NotFoundException")
	if _, err := keys.DisableKey(t.Context(), &kms.DisableKeyInput{KeyId: &id}); err != nil {
		t.Fatal(err)
	}
	_, err = c.decrypt("/s/own")
	apitest.Refused(t, "decrypt", err, "InvalidKeyId", "DisabledException")
	if got, err := c.decrypt("/s/managed"); err != nil || got != "hunter2" {
		t.Errorf("want the other key untouched, got %s, %v", got, err)
	}
	seen, err := cloudtrail.NewFromConfig(p.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{
		LookupAttributes: []trailtypes.LookupAttribute{{AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("Encrypt")}},
	})
	if err != nil || len(seen.Events) == 0 {
		t.Fatalf("want the use of keys in the trail, got %+v, %v", seen, err)
	}
	for _, e := range seen.Events {
		if text := *e.CloudTrailEvent; strings.Contains(text, "hunter") || !strings.Contains(text, "PARAMETER_ARN") || !strings.Contains(text, "ssm.amazonaws.com") {
			t.Errorf("want who and about what, and no secret: %s", text)
		}
	}
}
