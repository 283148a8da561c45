package kms_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cloudtrailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// TestRotationIsInTheTrail looks up what KMS did by itself after a rotation.
func TestRotationIsInTheTrail(t *testing.T) {
	f := start(t)
	k := f.symmetric()
	_, err := f.RotateKeyOnDemand(t.Context(), &kms.RotateKeyOnDemandInput{KeyId: k.KeyId})
	done(t, "rotate", err)
	out, err := cloudtrail.NewFromConfig(f.plane.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{LookupAttributes: []cloudtrailtypes.LookupAttribute{
		{AttributeKey: cloudtrailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("RotateKey")},
	}})
	done(t, "look up", err)
	if len(out.Events) != 1 {
		t.Fatalf("want one event, got %+v", out.Events)
	}
	e := out.Events[0]
	for _, part := range []string{
		`"userIdentity":{"accountId":"` + *k.AWSAccountId + `","invokedBy":"AWS Internal"}`, `"eventType":"AwsServiceEvent"`,
		`"serviceEventDetails":{"rotationType":"ON_DEMAND","keyId":"` + *k.KeyId + `"}`, `"requestParameters":null`,
	} {
		if !strings.Contains(*e.CloudTrailEvent, part) {
			t.Errorf("want %s in %s", part, *e.CloudTrailEvent)
		}
	}
	if e.Username != nil || len(e.Resources) != 1 || !strings.Contains(aws.ToString(e.Resources[0].ResourceName), *k.KeyId) {
		t.Errorf("got %+v", e)
	}
}
