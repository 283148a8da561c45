package patchmanager

import "strings"

// systems are the operating systems by what a node calls its own (NAME and
// ID of os-release(5)); the first that fits counts.
var systems = []struct{ platform, os, product string }{
	{"debian", debian, "Debian"},
	{"ubuntu", ubuntu, "Ubuntu"},
	{"raspbian", raspbian, "Raspbian"},
	{"red hat", "REDHAT_ENTERPRISE_LINUX", "RedhatEnterpriseLinux"},
	{"rocky", "ROCKY_LINUX", "RockyLinux"},
	{"alma", "ALMA_LINUX", "AlmaLinux"},
	{"oracle", "ORACLE_LINUX", "OracleLinux"},
	{"centos", "CENTOS", "CentOS"},
	{"sles", "SUSE", "Suse"},
	{"suse", "SUSE", "Suse"},
	{"windows", windows, "Windows"},
	{"mac", "MACOS", "MacOS"},
}

// system is the operating system of a node, as baselines name it, and its
// product; empty when patches of it are not known.
func (m Machine) system() (os, product string) {
	name, version := strings.ToLower(m.Facts["PlatformName"]), m.Facts["PlatformVersion"]
	if strings.HasPrefix(name, "amazon linux") {
		switch version {
		case "2", "2022", "2023":
			return "AMAZON_LINUX_" + version, "AmazonLinux" + version
		}
		return "AMAZON_LINUX", "AmazonLinux" + version
	}
	for _, s := range systems {
		if strings.Contains(name, s.platform) {
			return s.os, s.product + version
		}
	}
	return "", ""
}
