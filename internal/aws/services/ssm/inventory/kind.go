package inventory

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// kind is an inventory type that AWS defines.
type kind struct {
	Version    string
	Older      []string // versions that are taken too
	Attributes []string
	Numbers    []string // attributes of the data type NUMBER
	Made       bool     // by this service: nobody may put it
	Aggregator []string // attributes that GetInventory may count by
}

// kinds are AWS's types. Source: Systems Manager User Guide, "Metadata
// collected by inventory".
var kinds = map[string]kind{
	instanceInformation: {
		Version: "1.0", Made: true,
		Attributes: []string{"AgentType", "AgentVersion", "ComputerName", "InstanceId", "InstanceStatus", "IpAddress", "PlatformName", "PlatformType", "PlatformVersion", "ResourceType", "AgentStatus"},
		Aggregator: []string{"PlatformName", "PlatformType", "PlatformVersion", "AgentType", "AgentVersion", "InstanceStatus", "ResourceType"},
	},
	"AWS:Application": {
		Version: "1.1", Older: []string{"1.0"},
		Attributes: []string{"Name", "ApplicationType", "Publisher", "Version", "Release", "Epoch", "InstalledTime", "Architecture", "URL", "Summary", "PackageId"},
		Aggregator: []string{"Name", "ApplicationType", "Publisher", "Version", "Architecture"},
	},
	"AWS:AWSComponent": {
		Version: "1.0", Attributes: []string{"Name", "ApplicationType", "Publisher", "Version", "InstalledTime", "Architecture", "URL"},
		Aggregator: []string{"Name", "Version"},
	},
	"AWS:BillingInfo": {Version: "1.0", Attributes: []string{"BillingProductId"}},
	"AWS:File":        {Version: "1.0", Attributes: []string{"Name", "Size", "Description", "FileVersion", "InstalledDate", "ModificationTime", "LastAccessTime", "ProductName", "InstalledDir", "ProductLanguage", "CompanyName", "ProductVersion"}},
	"AWS:InstanceDetailedInformation": {
		Version:    "1.0",
		Attributes: []string{"CPUModel", "CPUCores", "CPUs", "CPUSpeedMHz", "CPUSockets", "CPUHyperThreadEnabled", "OSServicePack", "KernelVersion"},
		Numbers:    []string{"CPUCores", "CPUs", "CPUSpeedMHz", "CPUSockets"}, Aggregator: []string{"CPUModel", "CPUCores", "CPUs", "CPUSockets"},
	},
	"AWS:Network": {Version: "1.0", Attributes: []string{"Name", "SubnetMask", "Gateway", "DHCPServer", "DNSServer", "MacAddress", "IPV4", "IPV6"}},
	"AWS:Service": {
		Version: "1.0", Attributes: []string{"Name", "DisplayName", "ServiceType", "Status", "DependentServices", "ServicesDependedOn", "StartType"},
		Aggregator: []string{"Name", "Status", "StartType"},
	},
	tagKind:               {Version: "1.0", Made: true, Attributes: []string{"Key", "Value"}, Aggregator: []string{"Key", "Value"}},
	"AWS:WindowsRegistry": {Version: "1.0", Attributes: []string{"KeyPath", "ValueName", "ValueType", "Value"}},
	"AWS:WindowsRole":     {Version: "1.0", Attributes: []string{"Name", "DisplayName", "Path", "FeatureType", "DependsOn", "Description", "Installed", "InstalledState", "SubFeatures", "ServerComponentDescriptor", "Parent"}},
	"AWS:WindowsUpdate":   {Version: "1.0", Attributes: []string{"HotFixId", "Description", "InstalledTime", "InstalledBy"}, Aggregator: []string{"HotFixId"}},
}

const (
	instanceInformation = "AWS:InstanceInformation"
	tagKind             = "AWS:Tag"
	custom              = "Custom:"
)

// takes tells whether a version of the type is known.
func (k kind) takes(version string) bool {
	return version == k.Version || slices.Contains(k.Older, version)
}

func (k kind) schema(name string, attributes []string) types.InventoryItemSchema {
	out := types.InventoryItemSchema{TypeName: &name, Version: &k.Version}
	for _, a := range attributes {
		of := types.InventoryAttributeDataTypeString
		if slices.Contains(k.Numbers, a) {
			of = types.InventoryAttributeDataTypeNumber
		}
		out.Attributes = append(out.Attributes, types.InventoryItemAttribute{Name: &a, DataType: of})
	}
	return out
}

// customKind is a type that came with a customer's data. Its attributes are
// those that entries of its newest version have had.
type customKind struct {
	Name       string
	Version    string
	Attributes []string
	Disabled   string `json:",omitempty"` // data of this version and older is ignored
}

var customKinds = store.Table[customKind]{
	Name: "ssm.inventorykinds", Reach: store.Regional,
	Key: func(k *customKind) string { return k.Name },
}

// Quotas of AWS: General Reference, "Systems Manager endpoints and quotas".
const (
	maxCustomKinds = 20
	maxAttributes  = 50
)

// learn takes what an item tells of a custom type: a newer version begins anew.
func (k *customKind) learn(i *item) error {
	if compareVersions(i.Version, k.Version) > 0 {
		k.Version, k.Attributes = i.Version, nil
	}
	if k.Version != i.Version {
		return nil
	}
	have := map[string]bool{}
	for _, a := range k.Attributes {
		have[a] = true
	}
	for _, e := range i.Entries {
		for a := range e {
			have[a] = true
		}
	}
	if len(have) > maxAttributes {
		return invalidContent(i.Kind, "A custom inventory type can have 50 attributes at most.")
	}
	k.Attributes = slices.Sorted(maps.Keys(have))
	return nil
}

// ignores tells whether data of a version is not wanted any more.
func (k *customKind) ignores(version string) bool {
	return k.Disabled != "" && compareVersions(version, k.Disabled) <= 0
}

// known tells whether a type may be asked about.
func known(tx *store.Tx, scope store.Scope, name string) (bool, error) {
	if _, ok := kinds[name]; ok {
		return true, nil
	}
	if !strings.HasPrefix(name, custom) {
		return false, nil
	}
	_, err := customKinds.Get(tx, scope, name)
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}

func unknownKind(name string) error {
	return &types.InvalidTypeNameException{Message: new("The parameter type name isn't valid: " + name + ".")}
}

func invalidContent(kind, why string) error {
	return &types.InvalidItemContentException{TypeName: &kind, Message: &why}
}
