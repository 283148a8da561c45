package patchmanager

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// fixed are the values that a property has whatever nodes report.
var fixed = map[string][]string{
	"PRIORITY":       {"Required", "Important", "Standard", "Optional", "Extra"},
	"CLASSIFICATION": {"Security", "Bugfix", "Enhancement", "Recommended", "Newpackage"},
	"SEVERITY":       {"Critical", "Important", "Medium", "Low", "None"},
	"MSRC_SEVERITY":  {"Critical", "Important", "Moderate", "Low", "Unspecified"},
}

var windowsClasses = []string{
	"Application", "Connectors", "CriticalUpdates", "DefinitionUpdates", "DeveloperKits", "Drivers", "FeaturePacks", "Guidance",
	"SecurityUpdates", "ServicePacks", "Tools", "UpdateRollups", "Updates", "Upgrades",
}

// DescribePatchProperties lists the values that a property of an operating
// system's patches can have: the fixed ones, and those that nodes reported.
func (s *Service) DescribePatchProperties(ctx context.Context, in *ssm.DescribePatchPropertiesInput) (*ssm.DescribePatchPropertiesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	os, property := string(in.OperatingSystem), string(in.Property)
	if !slices.Contains(append(filterKeys(os), "PRODUCT_FAMILY"), property) {
		return nil, invalid("The property " + property + " isn't valid for " + os + ".")
	}
	found := map[string]bool{}
	for _, v := range fixed[property] {
		found[v] = true
	}
	switch {
	case property == "PRODUCT_FAMILY":
		found[family(os)] = true
	case property == "CLASSIFICATION" && os == windows:
		clear(found)
		for _, v := range windowsClasses {
			found[v] = true
		}
	}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := patches.By(tx, scope, "os", os, store.Page{})
		for _, p := range all {
			if v := p.property(property); v != "" {
				found[v] = true
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	some, next, err := page("DescribePatchProperties", slices.Sorted(maps.Keys(found)), func(v string) string { return v }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribePatchPropertiesOutput{Properties: []map[string]string{}, NextToken: next}
	for _, v := range some {
		out.Properties = append(out.Properties, map[string]string{"Name": v})
	}
	return out, nil
}

func (s *Service) describePatchPropertiesChecks(context.Context, *ssm.DescribePatchPropertiesInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribePatchProperties"), nil
}
