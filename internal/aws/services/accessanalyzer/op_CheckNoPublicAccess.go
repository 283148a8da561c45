package accessanalyzer

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// CheckNoPublicAccess tells whether the policy of a resource lets anybody in.
func (s *Service) CheckNoPublicAccess(ctx context.Context, in *accessanalyzer.CheckNoPublicAccessInput) (*accessanalyzer.CheckNoPublicAccessOutput, error) {
	d, err := resourceDocument(*in.PolicyDocument)
	if in.ResourceType == types.AccessCheckResourceTypeRoleTrust && len(*in.PolicyDocument) <= longest {
		d, err = policy.ParseTrust(*in.PolicyDocument)
		err = unread(err)
	}
	if err != nil {
		return nil, err
	}
	p := policy.NotPublic(d, trusted)
	switch p.Verdict {
	case policy.Proved:
		return &accessanalyzer.CheckNoPublicAccessOutput{
			Result: types.CheckNoPublicAccessResultPass, Reasons: []types.ReasonSummary{},
			Message: new("The resource policy does not grant public access for the given resource type."),
		}, nil
	case policy.Refuted:
		return &accessanalyzer.CheckNoPublicAccessOutput{
			Result: types.CheckNoPublicAccessResultFail, Reasons: reasons(d, p, "Public access granted in the following statement"),
			Message: new("The resource policy grants public access for the given resource type."),
		}, nil
	case policy.Open:
	}
	return nil, open(p)
}

func (s *Service) checkNoPublicAccessChecks(context.Context, *accessanalyzer.CheckNoPublicAccessInput) ([]api.Check, error) {
	return api.OnAny("access-analyzer:CheckNoPublicAccess"), nil
}

// limiting are the condition keys that say who calls, or from which network.
// Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", "The
// meaning of 'public'".
var limiting = []string{
	"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid", "aws:sourcearn", "aws:sourceaccount",
	"aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "kms:calleraccount",
	"s3:dataaccesspointaccount", "s3:dataaccesspointarn",
}

// The widest ranges of addresses that are not everybody's (the same page).
const (
	widest4 = 8
	widest6 = 32
)

// trusted tells whether a condition limits who calls: one of those keys, with
// values that are fixed.
func trusted(operator, key string, values []string) bool {
	if !slices.Contains(limiting, key) || len(values) == 0 || strings.EqualFold(operator, "Null") {
		return false
	}
	for _, v := range values {
		if strings.HasSuffix(key, "sourceip") {
			if !narrow(v) {
				return false
			}
			continue
		}
		if !fixed(key, v) {
			return false
		}
	}
	return true
}

func narrow(value string) bool {
	p, err := netip.ParsePrefix(value)
	if err != nil {
		_, err = netip.ParseAddr(value)
		return err == nil
	}
	return p.Addr().Is4() && p.Bits() >= widest4 || p.Addr().Is6() && p.Bits() >= widest6
}

// fixed tells whether a value has no wildcard and no variable; an ARN may have
// wildcards behind its account.
func fixed(key, value string) bool {
	if parts := strings.SplitN(value, ":", 6); strings.HasSuffix(key, "arn") && len(parts) == 6 && parts[4] != "" {
		value = parts[4]
	}
	return value != "" && !strings.ContainsAny(value, "*?$")
}
