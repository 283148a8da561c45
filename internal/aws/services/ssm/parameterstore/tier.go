package parameterstore

import (
	"tamachi/internal/store"
)

// tierFor is the tier of the version that a draft makes of a parameter, nil for
// a new one. Source: User Guide, "Managing parameter tiers".
func (s *Service) tierFor(tx *store.Tx, scope store.Scope, d *draft, old *parameter, c *claim) (string, error) {
	wanted := d.tier
	if wanted == "" {
		var err error
		if wanted, err = s.ports.Settings.DefaultTier(tx, scope); err != nil {
			return "", err
		}
	}
	advanced := old != nil && old.Tier == tierAdvanced
	policies := len(d.policies) > 0 || advanced && !d.policed && len(old.Policies) > 0
	switch {
	case wanted == tierAdvanced:
		return tierAdvanced, nil
	case wanted == tierWise && (len(d.value) > standardValue || policies || old == nil && c.full(tierStandard)):
		return tierAdvanced, nil
	case advanced && d.tier == tierStandard:
		return "", invalid("This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.")
	case advanced:
		return tierAdvanced, nil
	case len(d.value) > standardValue:
		return "", tooLong("Standard", standardValue, " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html")
	case policies:
		return "", invalid("Standard tier parameters don't support parameter policies. To use them, upgrade the parameter to the advanced-parameter tier.")
	}
	return tierStandard, nil
}
