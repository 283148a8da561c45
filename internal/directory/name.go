package directory

import "strings"

// DomainDN is the distinguished name of a domain (RFC 2247):
// DC=corp,DC=example,DC=com.
func DomainDN(domain string) string {
	labels := strings.Split(domain, ".")
	for i, l := range labels {
		labels[i] = "DC=" + escape(l)
	}
	return strings.Join(labels, ",")
}

// UsersDN is the container in which a domain's accounts are.
func UsersDN(domain string) string { return "CN=Users," + DomainDN(domain) }

// UserDN is the distinguished name of an account. Its common name is its
// sAMAccountName, because two people may bear the same name.
func UserDN(userName, domain string) string {
	return "CN=" + escape(userName) + "," + UsersDN(domain)
}

// UserPrincipalName is the form in which people log on: name@corp.example.com.
func UserPrincipalName(userName, domain string) string { return userName + "@" + domain }

// escape protects the characters that mean something in a distinguished name
// (RFC 4514, 2.4).
func escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		edge := i == 0 && (r == ' ' || r == '#') || i == len(s)-1 && r == ' '
		switch {
		case r == 0:
			b.WriteString(`\00`)
			continue
		case edge, strings.ContainsRune(`"+,;<>\=`, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Administrator is the account that each directory begins with.
const Administrator = "Administrator"
