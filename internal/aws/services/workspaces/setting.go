package workspaces

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// Settings are what operations said of a registered directory; what is empty was
// never said and shows the default.
type Settings struct {
	Access      map[string]string `json:",omitempty"` // kind of device -> ALLOW or DENY
	SelfService map[string]string `json:",omitempty"` // what a user may do -> ENABLED or DISABLED
	DefaultOU   string            `json:",omitempty"`
	Maintenance bool              `json:",omitempty"`
	// Administrators makes users administrators of desktops that are made or
	// rebuilt from then on.
	Administrators bool               `json:",omitempty"`
	Group          string             `json:",omitempty"` // a security group that new desktops have besides
	Reconnect      string             `json:",omitempty"` // of clients: ENABLED or DISABLED
	SAML           SAML               `json:",omitzero"`
	Authority      string             `json:",omitempty"` // ARN of a private certificate authority
	Streaming      map[string]Passage `json:",omitempty"` // what passes -> whether it may
}

// web is the kind of device that a browser is.
const web = "DeviceTypeWeb"

// devices are the members of access properties by their names.
func devices(p *types.WorkspaceAccessProperties) map[string]*types.AccessPropertyValue {
	return map[string]*types.AccessPropertyValue{
		web: &p.DeviceTypeWeb, "DeviceTypeWindows": &p.DeviceTypeWindows, "DeviceTypeOsx": &p.DeviceTypeOsx,
		"DeviceTypeIos": &p.DeviceTypeIos, "DeviceTypeAndroid": &p.DeviceTypeAndroid, "DeviceTypeChromeOs": &p.DeviceTypeChromeOs,
		"DeviceTypeZeroClient": &p.DeviceTypeZeroClient, "DeviceTypeLinux": &p.DeviceTypeLinux,
		"DeviceTypeWorkSpacesThinClient": &p.DeviceTypeWorkSpacesThinClient,
	}
}

// access shows which devices are let in: browsers, unless it was said
// otherwise.
func (s *Settings) access() *types.WorkspaceAccessProperties {
	out := new(types.WorkspaceAccessProperties)
	for name, value := range devices(out) {
		*value = types.AccessPropertyValueDeny
		if name == web {
			*value = types.AccessPropertyValueAllow
		}
		if said := s.Access[name]; said != "" {
			*value = types.AccessPropertyValue(said)
		}
	}
	return out
}

// permissions are the members of self-service permissions by their names.
func permissions(p *types.SelfservicePermissions) map[string]*types.ReconnectEnum {
	return map[string]*types.ReconnectEnum{
		"RestartWorkspace": &p.RestartWorkspace, "IncreaseVolumeSize": &p.IncreaseVolumeSize, "ChangeComputeType": &p.ChangeComputeType,
		"SwitchRunningMode": &p.SwitchRunningMode, "RebuildWorkspace": &p.RebuildWorkspace,
	}
}

func (s *Settings) selfService() *types.SelfservicePermissions {
	out := new(types.SelfservicePermissions)
	for name, value := range permissions(out) {
		*value = types.ReconnectEnumDisabled
		if said := s.SelfService[name]; said != "" {
			*value = types.ReconnectEnum(said)
		}
	}
	return out
}

// enableSelfService lets users do everything that can be let.
func (s *Settings) enableSelfService() {
	all := new(types.SelfservicePermissions)
	for _, value := range permissions(all) {
		*value = types.ReconnectEnumEnabled
	}
	keep(&s.SelfService, permissions(all))
}

// keep notes the members that were given.
func keep[V ~string](into *map[string]string, given map[string]*V) {
	for name, value := range given {
		if *value == "" {
			continue
		}
		if *into == nil {
			*into = map[string]string{}
		}
		(*into)[name] = string(*value)
	}
}

// escaped is a character that a distinguished name writes with a backslash.
var escaped = regexp.MustCompile(`\\(?:[0-9A-Fa-f]{2}|.)`)

// checkOU refuses a name that is no organizational unit with two domain
// components (API reference, WorkspaceCreationProperties, DefaultOu).
func checkOU(name string) error {
	units, components := 0, 0
	// What follows a backslash is a character of the value (RFC 4514, section 2.4).
	for part := range strings.SplitSeq(escaped.ReplaceAllString(name, "x"), ",") {
		kind, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case value == "":
			units = -len(name)
		case strings.EqualFold(kind, "OU") && components == 0:
			units++
		case strings.EqualFold(kind, "DC"):
			components++
		default:
			units = -len(name)
		}
	}
	if units < 1 || components < 2 {
		return invalid(fmt.Sprintf("The organizational unit %q must have the form OU=value,DC=value,DC=value.", name))
	}
	return nil
}

func unsupported(what string) error {
	return &types.OperationNotSupportedException{Message: new(what + " is not supported.")}
}
