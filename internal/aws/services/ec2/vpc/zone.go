package vpc

import "strings"

// region is a Region with its Availability Zones.
type region struct {
	name    string
	short   string // as ids of zones begin
	letters string
}

// regions are those that every account has without asking (Account Management
// Reference Guide, "Enable or disable AWS Regions in your account") with the
// zones that new accounts see.
var regions = []region{
	{"ap-northeast-1", "apne1", "acd"},
	{"ap-northeast-2", "apne2", "abcd"},
	{"ap-northeast-3", "apne3", "abc"},
	{"ap-south-1", "aps1", "abc"},
	{"ap-southeast-1", "apse1", "abc"},
	{"ap-southeast-2", "apse2", "abc"},
	{"ca-central-1", "cac1", "abd"},
	{"eu-central-1", "euc1", "abc"},
	{"eu-north-1", "eun1", "abc"},
	{"eu-west-1", "euw1", "abc"},
	{"eu-west-2", "euw2", "abc"},
	{"eu-west-3", "euw3", "abc"},
	{"sa-east-1", "sae1", "abc"},
	{"us-east-1", "use1", "abcdef"},
	{"us-east-2", "use2", "abc"},
	{"us-west-1", "usw1", "ac"},
	{"us-west-2", "usw2", "abcd"},
}

// zone is an Availability Zone.
type zone struct{ name, id, region string }

// zonesOf lists the zones of a Region. One that is not in the list has three.
func zonesOf(name string) []zone {
	r := region{name, strings.ReplaceAll(name, "-", ""), "abc"}
	for _, known := range regions {
		if known.name == name {
			r = known
		}
	}
	out := make([]zone, 0, len(r.letters))
	for _, letter := range r.letters {
		// An account's zones are shuffled on AWS; here the letter tells the number.
		number := string('1' + (letter - 'a'))
		out = append(out, zone{name + string(letter), r.short + "-az" + number, name})
	}
	return out
}

// zoneBy finds a zone by its name or its id.
func zoneBy(regionName, name, id string) (zone, error) {
	zones := zonesOf(regionName)
	var names []string
	for _, z := range zones {
		if name != "" && z.name == name || name == "" && z.id == id {
			return z, nil
		}
		names = append(names, z.name)
	}
	value, parameter := name, "availabilityZone"
	if name == "" {
		value, parameter = id, "availabilityZoneId"
	}
	return zone{}, badValue(value, parameter, "Subnets can currently only be created in the following availability zones: "+strings.Join(names, ", ")+".")
}
