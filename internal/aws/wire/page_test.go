package wire_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// lister is a room that tells what tokens it got.
func lister(got *string) map[string]map[string]api.Operation {
	return map[string]map[string]api.Operation{"kms": {
		"ListKeys": api.Read("ListKeys", func(_ context.Context, in *kms.ListKeysInput) (*kms.ListKeysOutput, error) {
			if in.Marker != nil {
				after, ok := api.After("ListKeys", *in.Marker)
				if *got = after; !ok {
					return nil, &smithy.GenericAPIError{Code: "InvalidMarkerException", Message: "no"}
				}
			}
			return &kms.ListKeysOutput{NextMarker: aws.String(api.Token("ListKeys", "key-50")), Truncated: true}, nil
		}, nil),
	}}
}

func TestPagingTokensCannotBeMadeUp(t *testing.T) {
	var got string
	p := start(t, lister(&got))
	c := kms.NewFromConfig(p.config(t, "http"))
	first, err := c.ListKeys(t.Context(), &kms.ListKeysInput{})
	if err != nil {
		t.Fatal(err)
	}
	good := *first.NextMarker
	if strings.Contains(good, "key-50") || strings.HasPrefix(good, api.Plain) {
		t.Errorf("the token %q is not sealed", good)
	}
	if _, err := c.ListKeys(t.Context(), &kms.ListKeysInput{Marker: &good}); err != nil || got != "key-50" {
		t.Errorf("the good token: got %q, %v", got, err)
	}
	bad := map[string]string{
		"made up outside":    api.Token("ListKeys", "key-99"),
		"without its prefix": strings.TrimPrefix(api.Token("ListKeys", "key-99"), api.Plain),
		"nothing of ours":    "x",
		"cut short":          good[:len(good)-4],
		"longer":             good + "AAAA",
	}
	for i := range good {
		for _, other := range "AZaz09-_" {
			if changed := good[:i] + string(other) + good[i+1:]; changed != good && i < len(good)-1 { // the last character has spare bits
				bad["character "+string(rune('0'+i%10))+string(other)+good[i:]] = changed
			}
		}
	}
	for name, token := range bad {
		if _, err := c.ListKeys(t.Context(), &kms.ListKeysInput{Marker: &token}); err == nil {
			t.Errorf("%s: %q was taken, the room read %q", name, token, got)
		}
	}
}
