package directory

import "strings"

// builtins are the names that every domain has from its first day, folded.
// Sources: Microsoft, MS-ADTS 6.1.1.4.12 "Builtin Container" and 6.1.1.6
// "Well-Known Domain-Relative Security Principals"; "Active Directory security
// groups".
var builtins = folded(`
	Administrator
	Guest
	krbtgt

	Allowed RODC Password Replication Group
	Cert Publishers
	Cloneable Domain Controllers
	Denied RODC Password Replication Group
	DnsAdmins
	DnsUpdateProxy
	Domain Admins
	Domain Computers
	Domain Controllers
	Domain Guests
	Domain Users
	Enterprise Admins
	Enterprise Key Admins
	Enterprise Read-only Domain Controllers
	Group Policy Creator Owners
	Key Admins
	Protected Users
	RAS and IAS Servers
	Read-only Domain Controllers
	Schema Admins

	Access Control Assistance Operators
	Account Operators
	Administrators
	Backup Operators
	Certificate Service DCOM Access
	Cryptographic Operators
	Distributed COM Users
	Event Log Readers
	Guests
	Hyper-V Administrators
	IIS_IUSRS
	Incoming Forest Trust Builders
	Network Configuration Operators
	Performance Log Users
	Performance Monitor Users
	Pre-Windows 2000 Compatible Access
	Print Operators
	RDS Endpoint Servers
	RDS Management Servers
	RDS Remote Access Servers
	Remote Desktop Users
	Remote Management Users
	Replicator
	Server Operators
	Storage Replica Administrators
	Terminal Server License Servers
	Users
	Windows Authorization Access Group
`)

// folded are the lines of a list in lower case.
func folded(lines string) map[string]bool {
	out := make(map[string]bool)
	for line := range strings.Lines(lines) {
		if name := strings.TrimSpace(line); name != "" {
			out[strings.ToLower(name)] = true
		}
	}
	return out
}

// Builtin tells whether a name, in any case, is that of an account or a group
// that every domain begins with.
func Builtin(name string) bool { return builtins[strings.ToLower(name)] }
