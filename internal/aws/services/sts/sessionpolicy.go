package sts

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/arn"
	"tamachi/internal/policy"
)

// Limits of what a session may carry (IAM User Guide, "IAM and AWS STS
// quotas").
const (
	maxInline     = 2048 // characters of the inline policy
	maxPolicyARNs = 10
	maxPacked     = 4096 // bytes of our packed form, of which AWS does not tell the size
)

// passed is what a caller passes into a session.
type passed struct {
	texts []string // session policies, the inline one first
	arns  []string
	tags  map[string]string
}

// pass reads session policies and tags. Managed policies are taken as they
// read now: a session does not change when they do.
func (s *Service) pass(ctx context.Context, account string, inline *string, managed []types.PolicyDescriptorType, tags []types.Tag) (*passed, error) {
	p := &passed{}
	var err error
	if p.tags, err = sessionTags(tags); err != nil {
		return nil, err
	}
	if inline != nil {
		if len([]rune(*inline)) > maxInline {
			return nil, tooLarge(100 * len(*inline) / maxInline)
		}
		if _, err := policy.Parse(*inline); err != nil {
			return nil, &types.MalformedPolicyDocumentException{Message: aws.String(err.Error())}
		}
		p.texts = append(p.texts, *inline)
	}
	if len(managed) > maxPolicyARNs {
		return nil, invalid("1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to %d", maxPolicyARNs)
	}
	for _, m := range managed {
		text, err := s.managed(ctx, account, aws.ToString(m.Arn))
		if err != nil {
			return nil, err
		}
		p.texts, p.arns = append(p.texts, text), append(p.arns, *m.Arn)
	}
	return p, p.pack(aws.ToString(inline))
}

func (s *Service) managed(ctx context.Context, account, policyARN string) (string, error) {
	a, err := arn.Parse(policyARN)
	if err != nil || a.Service != "iam" || a.Account != "aws" && a.Account != account {
		return "", invalid("ARN %s is not valid.", policyARN)
	}
	text, err := s.ports.Identities.Managed(ctx, account, policyARN)
	if errors.Is(err, ErrNotThere) {
		return "", &types.MalformedPolicyDocumentException{Message: aws.String("Policy " + policyARN + " does not exist or is not attachable.")}
	}
	return text, err
}

// pack limits what the session carries: deflated policy, ARNs and tags. AWS
// packs in a form of its own, so the limit lies elsewhere there.
func (p *passed) pack(inline string) error {
	if len(p.texts) == 0 && len(p.tags) == 0 {
		return nil
	}
	size, err := p.packed(inline)
	if err != nil {
		return err
	}
	percent := (100*size + maxPacked - 1) / maxPacked
	if percent > 100 {
		return tooLarge(percent)
	}
	return nil
}

// packed is how many bytes it takes.
func (p *passed) packed(inline string) (int, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		return 0, err
	}
	fmt.Fprint(w, inline, p.arns)
	for _, k := range slices.Sorted(maps.Keys(p.tags)) { // in any other order it packs to another length
		fmt.Fprint(w, k, "\x00", p.tags[k], "\x00")
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return b.Len(), nil
}

func tooLarge(percent int) error {
	return &types.PackedPolicyTooLargeException{Message: aws.String(fmt.Sprintf("Packed policy consumes %d%% of allotted space, please use smaller policy.", percent))}
}
