package patchmanager

import "time"

// preset is a baseline that AWS brings. Source: Systems Manager User Guide,
// "Predefined and custom patch baselines", the table of predefined baselines.
type preset struct {
	os, name, about string
	standard        bool // the default of its operating system
	rules           []rule
}

const (
	week     = 7
	debian   = "DEBIAN"
	ubuntu   = "UBUNTU"
	raspbian = "RASPBIAN"
	windows  = "WINDOWS"
)

func by(key string, values ...string) condition { return condition{Key: key, Values: values} }

// byPriority approves security updates of Debian's kind at once.
func byPriority() []rule {
	return []rule{{Level: unspecified, Conditions: []condition{
		by("PRODUCT", "*"), by("SECTION", "*"), by("PRIORITY", "Required", "Important", "Standard", "Optional", "Extra"),
	}}}
}

// bySeverity approves security updates of some severities after a week, and on
// request all bug fixes.
func bySeverity(bugfixes bool, severities ...string) []rule {
	out := []rule{{Level: unspecified, After: week, Conditions: []condition{by("PRODUCT", "*"), by("CLASSIFICATION", "Security"), by("SEVERITY", severities...)}}}
	if bugfixes {
		out = append(out, rule{Level: unspecified, After: week, Conditions: []condition{by("PRODUCT", "*"), by("CLASSIFICATION", "Bugfix")}})
	}
	return out
}

func windowsRules(set ...condition) []rule {
	return []rule{{Level: unspecified, After: week, Conditions: append([]condition{
		by("CLASSIFICATION", "CriticalUpdates", "SecurityUpdates"), by("MSRC_SEVERITY", "Critical", "Important"),
	}, set...)}}
}

var predefined = []preset{
	{"ALMA_LINUX", "AWS-AlmaLinuxDefaultPatchBaseline", "Default Patch Baseline for Alma Linux Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"AMAZON_LINUX", "AWS-AmazonLinuxDefaultPatchBaseline", "Default Patch Baseline for Amazon Linux Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"AMAZON_LINUX_2", "AWS-AmazonLinux2DefaultPatchBaseline", "Default Patch Baseline for Amazon Linux 2 Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"AMAZON_LINUX_2022", "AWS-AmazonLinux2022DefaultPatchBaseline", "Default Patch Baseline for Amazon Linux 2022 Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"AMAZON_LINUX_2023", "AWS-AmazonLinux2023DefaultPatchBaseline", "Default Patch Baseline for Amazon Linux 2023 Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"CENTOS", "AWS-CentOSDefaultPatchBaseline", "Default Patch Baseline for CentOS Provided by AWS.", true, []rule{{Level: unspecified, After: week, NonSecurity: true, Conditions: []condition{by("PRODUCT", "*")}}}},
	{debian, "AWS-DebianDefaultPatchBaseline", "Default Patch Baseline for Debian Provided by AWS.", true, byPriority()},
	{"MACOS", "AWS-MacOSDefaultPatchBaseline", "Default Patch Baseline for MacOS Provided by AWS.", true, []rule{{Level: unspecified, Conditions: []condition{by("PRODUCT", "*"), by("CLASSIFICATION", "Security")}}}},
	{"ORACLE_LINUX", "AWS-OracleLinuxDefaultPatchBaseline", "Default Patch Baseline for Oracle Linux Server Provided by AWS.", true, bySeverity(true, "Important", "Moderate")},
	{raspbian, "AWS-RaspbianDefaultPatchBaseline", "Default Patch Baseline for Raspbian Provided by AWS.", true, byPriority()},
	{"REDHAT_ENTERPRISE_LINUX", "AWS-RedHatDefaultPatchBaseline", "Default Patch Baseline for Redhat Enterprise Linux Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"ROCKY_LINUX", "AWS-RockyLinuxDefaultPatchBaseline", "Default Patch Baseline for Rocky Linux Provided by AWS.", true, bySeverity(true, "Critical", "Important")},
	{"SUSE", "AWS-SuseDefaultPatchBaseline", "Default Patch Baseline for Suse Provided by AWS.", true, bySeverity(false, "Critical", "Important")},
	{ubuntu, "AWS-UbuntuDefaultPatchBaseline", "Default Patch Baseline for Ubuntu Provided by AWS.", true, byPriority()},
	{windows, "AWS-DefaultPatchBaseline", "Default Patch Baseline Provided by AWS.", true, windowsRules()},
	{windows, "AWS-WindowsPredefinedPatchBaseline-OS", "Predefined Patch Baseline for Windows Operating Systems Provided by AWS.", false, windowsRules(by("PATCH_SET", "OS"))},
	{windows, "AWS-WindowsPredefinedPatchBaseline-OS-Applications", "Predefined Patch Baseline for Windows Operating Systems and Microsoft Applications Provided by AWS.", false, windowsRules(by("PATCH_SET", "OS", "APPLICATION"))},
}

// born is when the predefined baselines say they were made.
var born = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

func (p preset) baseline() *baseline {
	return &baseline{
		ID: newID(p.name), Name: p.name, Description: p.about, OS: p.os, Rules: p.rules, Level: unspecified,
		Action: allowAsDependency, Created: born, Modified: born, Predefined: true,
	}
}
