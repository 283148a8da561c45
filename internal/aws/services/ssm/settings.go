package ssm

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/parameterstore"
	"tamachi/internal/store"
)

// setting is a service setting that an account changed in a Region.
type setting struct {
	ID       string // /ssm/...
	Value    string
	Modified time.Time
	User     string // ARN
}

var settings = store.Table[setting]{
	Name: "ssm.settings", Reach: store.Regional,
	Key: func(s *setting) string { return s.ID },
}

const defaultTier = "/ssm/parameter-store/default-parameter-tier"

// settingValues are the settings that there are, each with the values that it
// takes, its default first. Source: API reference, UpdateServiceSetting.
var settingValues = map[string][]string{
	defaultTier: {"Standard", "Advanced", "Intelligent-Tiering"},
}

// settingName reads what a caller names a setting by: its id or its ARN. id is
// empty when it is the ARN of another account or Region.
func settingName(scope store.Scope, given string) (id, arnText string) {
	if a, err := arn.Parse(given); err == nil {
		rest, ok := strings.CutPrefix(a.Resource, "servicesetting")
		if !ok || a.Service != "ssm" || a.Region != scope.Region || a.Account != scope.Account {
			return "", given
		}
		return rest, given
	}
	return given, settingARN(scope, given)
}

func settingARN(scope store.Scope, id string) string {
	return arn.New("ssm", scope.Region, scope.Account, "servicesetting/"+strings.TrimPrefix(id, "/")).String()
}

// knownSetting returns the id of a setting that exists.
func knownSetting(scope store.Scope, given string) (string, error) {
	id, _ := settingName(scope, given)
	if settingValues[id] == nil {
		return "", &types.ServiceSettingNotFound{Message: new("Setting " + given + " not found.")}
	}
	return id, nil
}

// showSetting is a setting as it counts now.
func showSetting(tx *store.Tx, scope store.Scope, id string) (*types.ServiceSetting, error) {
	out := &types.ServiceSetting{SettingId: &id, SettingValue: &settingValues[id][0], ARN: new(settingARN(scope, id)), Status: new("Default")}
	s, err := settings.Get(tx, scope, id)
	if errors.Is(err, store.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.SettingValue, out.Status, out.LastModifiedDate, out.LastModifiedUser = &s.Value, new("Customized"), &s.Modified, &s.User
	return out, nil
}

// settingCheck is the check of an action on a setting.
func settingCheck(call *api.Call, action, given string) []api.Check {
	_, resource := settingName(store.In(call.Place()), given)
	return []api.Check{{Action: action, Resource: resource}}
}

// tiers tells Parameter Store the tier of requests that name none.
type tiers struct{}

var _ parameterstore.Settings = tiers{}

// DefaultTier is the tier of a request that names none.
func (tiers) DefaultTier(tx *store.Tx, scope store.Scope) (string, error) {
	s, err := settings.Get(tx, scope, defaultTier)
	if errors.Is(err, store.ErrNotFound) {
		return settingValues[defaultTier][0], nil
	}
	if err != nil {
		return "", err
	}
	return s.Value, nil
}

func takes(id, value string) bool { return slices.Contains(settingValues[id], value) }
