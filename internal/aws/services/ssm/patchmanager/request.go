package patchmanager

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

// filterKeys are the properties that baselines of an operating system may
// filter by. Source: Systems Manager API Reference, "PatchFilter".
func filterKeys(os string) []string {
	switch os {
	case windows:
		return []string{"PATCH_SET", "PRODUCT", "PRODUCT_FAMILY", "CLASSIFICATION", "MSRC_SEVERITY"}
	case debian, ubuntu, raspbian:
		return []string{"PRODUCT", "PRIORITY", "SECTION"}
	case "MACOS":
		return []string{"PRODUCT", "CLASSIFICATION"}
	}
	return []string{"PRODUCT", "CLASSIFICATION", "SEVERITY"}
}

// undated tells whether the repositories of an operating system say nothing of
// when a patch was released.
func undated(os string) bool { return os == debian || os == ubuntu || os == raspbian }

func readConditions(os string, g *types.PatchFilterGroup) ([]condition, error) {
	if g == nil {
		return nil, nil
	}
	var out []condition
	for _, f := range g.PatchFilters {
		if !slices.Contains(filterKeys(os), string(f.Key)) {
			return nil, invalid(fmt.Sprintf("The patch filter key %s isn't valid for %s. Valid are %s.", f.Key, os, strings.Join(filterKeys(os), ", ")))
		}
		out = append(out, condition{string(f.Key), f.Values})
	}
	return out, nil
}

func readRules(os string, g *types.PatchRuleGroup) ([]rule, error) {
	if g == nil {
		return nil, nil
	}
	var out []rule
	for _, one := range g.PatchRules {
		conditions, err := readConditions(os, one.PatchFilterGroup)
		if err != nil {
			return nil, err
		}
		r := rule{
			Conditions: conditions, Level: cmp.Or(string(one.ComplianceLevel), unspecified),
			After: aws.ToInt32(one.ApproveAfterDays), Until: aws.ToString(one.ApproveUntilDate), NonSecurity: aws.ToBool(one.EnableNonSecurity),
		}
		if err := r.check(os, one); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (r rule) check(os string, one types.PatchRule) error {
	switch {
	case undated(os) && (r.After > 0 || r.Until != ""):
		return invalid("ApproveAfterDays and ApproveUntilDate aren't supported for " + os + ": its repositories don't say when a patch was released. Use ApproveAfterDays=0.")
	case one.ApproveAfterDays != nil && r.Until != "":
		return invalid("ApproveAfterDays and ApproveUntilDate can't be given for one rule.")
	case one.ApproveAfterDays == nil && r.Until == "" && !undated(os):
		return invalid("A patch rule needs ApproveAfterDays or ApproveUntilDate.")
	case r.Until != "":
		if _, err := time.Parse(time.DateOnly, r.Until); err != nil {
			return invalid("ApproveUntilDate must have the form YYYY-MM-DD.")
		}
	case r.NonSecurity && os == windows:
		return invalid("EnableNonSecurity applies to Linux only.")
	}
	return nil
}

func readSources(os string, given []types.PatchSource) ([]source, error) {
	if len(given) > 0 && (os == windows || os == "MACOS") {
		return nil, invalid("Sources apply to Linux only.")
	}
	var out []source
	for _, s := range given {
		out = append(out, source{*s.Name, s.Products, *s.Configuration})
	}
	return out, nil
}

// The stored forms in AWS's words.

func filterGroup(conditions []condition) *types.PatchFilterGroup {
	out := &types.PatchFilterGroup{PatchFilters: []types.PatchFilter{}}
	for _, c := range conditions {
		out.PatchFilters = append(out.PatchFilters, types.PatchFilter{Key: types.PatchFilterKey(c.Key), Values: c.Values})
	}
	return out
}

func (b *baseline) rules() *types.PatchRuleGroup {
	out := &types.PatchRuleGroup{PatchRules: []types.PatchRule{}}
	for _, r := range b.Rules {
		one := types.PatchRule{
			PatchFilterGroup: filterGroup(r.Conditions), ComplianceLevel: types.PatchComplianceLevel(r.Level), EnableNonSecurity: new(r.NonSecurity),
			ApproveUntilDate: api.Optional(r.Until),
		}
		if r.Until == "" {
			one.ApproveAfterDays = new(r.After)
		}
		out.PatchRules = append(out.PatchRules, one)
	}
	return out
}

func (b *baseline) sources() []types.PatchSource {
	out := []types.PatchSource{}
	for _, s := range b.Sources {
		out = append(out, types.PatchSource{Name: &s.Name, Products: s.Products, Configuration: &s.Configuration})
	}
	return out
}

func listed(names []string) []string { return append([]string{}, names...) }
