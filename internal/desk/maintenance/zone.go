package maintenance

import (
	"time"
	_ "time/tzdata" // the Regions' zones must not depend on the machine
)

// Zone is a Region's time zone, in which its desktops are maintained; other is
// for a Region that is not known here.
// Source: Amazon EC2 User Guide, "Regions and Zones", the Regions' places; the
// zones are those of the IANA database there.
func Zone(region string, other *time.Location) *time.Location {
	name := map[string]string{
		"us-east-1": "America/New_York", "us-east-2": "America/New_York", "us-west-1": "America/Los_Angeles", "us-west-2": "America/Los_Angeles",
		"us-gov-east-1": "America/New_York", "us-gov-west-1": "America/Los_Angeles", "ca-central-1": "America/Toronto", "ca-west-1": "America/Edmonton",
		"mx-central-1": "America/Mexico_City", "sa-east-1": "America/Sao_Paulo", "af-south-1": "Africa/Johannesburg",
		"eu-west-1": "Europe/Dublin", "eu-west-2": "Europe/London", "eu-west-3": "Europe/Paris", "eu-central-1": "Europe/Berlin",
		"eu-central-2": "Europe/Zurich", "eu-south-1": "Europe/Rome", "eu-south-2": "Europe/Madrid", "eu-north-1": "Europe/Stockholm",
		"il-central-1": "Asia/Jerusalem", "me-south-1": "Asia/Bahrain", "me-central-1": "Asia/Dubai",
		"ap-south-1": "Asia/Kolkata", "ap-south-2": "Asia/Kolkata", "ap-northeast-1": "Asia/Tokyo", "ap-northeast-2": "Asia/Seoul", "ap-northeast-3": "Asia/Tokyo",
		"ap-southeast-1": "Asia/Singapore", "ap-southeast-2": "Australia/Sydney", "ap-southeast-3": "Asia/Jakarta", "ap-southeast-4": "Australia/Melbourne",
		"ap-southeast-5": "Asia/Kuala_Lumpur", "ap-southeast-7": "Asia/Bangkok", "ap-east-1": "Asia/Hong_Kong", "ap-east-2": "Asia/Taipei",
		"cn-north-1": "Asia/Shanghai", "cn-northwest-1": "Asia/Shanghai",
	}[region]
	if zone, err := time.LoadLocation(name); name != "" && err == nil {
		return zone
	}
	return other
}
