package embedded

import (
	"strconv"
	"strings"
	"time"

	"tamachi/internal/directory"
)

// entry is one object of a directory.
type entry struct {
	dn         string
	attributes []attribute
}

// attribute is a name as the schema spells it, and its values.
type attribute struct {
	name   string
	values []string
}

// attribute returns the attribute of that folded name, or nil.
func (e *entry) attribute(folded string) *attribute {
	for i := range e.attributes {
		if fold(e.attributes[i].name) == folded {
			return &e.attributes[i]
		}
	}
	return nil
}

// add gives an entry an attribute; empty values are none.
func (e *entry) add(name string, values ...string) {
	if len(values) == 1 && values[0] == "" {
		return
	}
	e.attributes = append(e.attributes, attribute{name, values})
}

// schema is how the attributes that filters may name compare, by folded name.
// An attribute that is not listed and not on the entry is unknown.
var schema = map[string]syntax{
	"objectclass": asText, "objectcategory": asClass, "distinguishedname": asName,
	"cn": asText, "name": asText, "displayname": asText, "givenname": asText, "sn": asText, "mail": asText,
	"samaccountname": asText, "userprincipalname": asText, "objectsid": asSID,
	"useraccountcontrol": asNumber, "samaccounttype": asNumber, "primarygroupid": asNumber,
	"dc": asText, "department": asText, "title": asText, "telephonenumber": asText, "description": asText,
	"memberof": asName, "member": asName, "manager": asName, "lockouttime": asNumber, "pwdlastset": asNumber,
	"grouptype": asNumber,
}

// The bits of userAccountControl. Source: Microsoft, MS-ADTS 2.2.16.
const (
	uacDisabled = 0x2   // ACCOUNTDISABLE
	uacLocked   = 0x10  // LOCKOUT
	uacNormal   = 0x200 // NORMAL_ACCOUNT
)

const (
	accountTypeUser       = "805306368" // SAM_USER_OBJECT
	groupDomainUsers      = "513"
	pagedResults          = "1.2.840.113556.1.4.319" // RFC 2696
	whoAmI                = "1.3.6.1.4.1.4203.1.11.3"
	startTLS              = "1.3.6.1.4.1.1466.20037"
	ldapVersion           = 3
	noticeOfDisconnection = "1.3.6.1.4.1.1466.20036"
)

// rootDSE is the entry that says what this server is (RFC 4512, 5.1).
func rootDSE(d directory.Domain) *entry {
	base := directory.DomainDN(d.Name)
	e := &entry{}
	e.add("objectClass", "top")
	e.add("namingContexts", base)
	e.add("defaultNamingContext", base)
	e.add("rootDomainNamingContext", base)
	e.add("supportedLDAPVersion", strconv.Itoa(ldapVersion))
	e.add("supportedControl", pagedResults)
	e.add("supportedExtension", startTLS, whoAmI)
	e.add("vendorName", "Tamachi")
	return e
}

func domainEntry(d directory.Domain) *entry {
	e := &entry{dn: directory.DomainDN(d.Name)}
	first, _, _ := strings.Cut(d.Name, ".")
	e.add("objectClass", "top", "domain", "domainDNS")
	e.add("distinguishedName", e.dn)
	e.add("dc", first)
	e.add("name", first)
	e.addSID(d.SID)
	return e
}

func usersEntry(d directory.Domain) *entry {
	e := &entry{dn: directory.UsersDN(d.Name)}
	e.add("objectClass", "top", "container")
	e.add("distinguishedName", e.dn)
	e.add("cn", "Users")
	e.add("name", "Users")
	return e
}

func userEntry(d directory.Domain, a directory.Account) *entry {
	e := &entry{dn: directory.UserDN(a.SAMAccountName, d.Name)}
	e.add("objectClass", "top", "person", "organizationalPerson", "user")
	e.add("objectCategory", "CN=Person,CN=Schema,CN=Configuration,"+directory.DomainDN(d.Name))
	e.add("distinguishedName", e.dn)
	e.add("cn", a.SAMAccountName)
	e.add("name", a.SAMAccountName)
	e.add("sAMAccountName", a.SAMAccountName)
	e.add("userPrincipalName", directory.UserPrincipalName(a.SAMAccountName, d.Name))
	e.add("givenName", a.GivenName)
	e.add("sn", a.Surname)
	e.add("mail", a.Email)
	control := uacNormal
	if !a.Enabled {
		control |= uacDisabled
	}
	if a.Locked {
		control |= uacLocked
	}
	e.add("userAccountControl", strconv.Itoa(control))
	e.add("sAMAccountType", accountTypeUser)
	e.add("primaryGroupID", groupDomainUsers)
	e.add("pwdLastSet", fileTime(a.PasswordSet))
	e.addSID(a.SID)
	e.addNames("memberOf", d, a.MemberOf)
	e.addFurther(a.Attributes)
	return e
}

func groupEntry(d directory.Domain, g directory.Group) *entry {
	e := &entry{dn: directory.GroupDN(g.SAMAccountName, d.Name)}
	e.add("objectClass", "top", "group")
	e.add("objectCategory", "CN=Group,CN=Schema,CN=Configuration,"+directory.DomainDN(d.Name))
	e.add("distinguishedName", e.dn)
	e.add("cn", g.SAMAccountName)
	e.add("name", g.SAMAccountName)
	e.add("sAMAccountName", g.SAMAccountName)
	e.add("groupType", strconv.FormatInt(int64(directory.GroupType(g.Scope, g.Kind)), 10))
	e.add("sAMAccountType", groupAccountType(g))
	e.addSID(g.SID)
	e.addNames("member", d, g.Members)
	e.addNames("memberOf", d, g.MemberOf)
	e.addFurther(g.Attributes)
	return e
}

// groupAccountType is the value of sAMAccountType. Source: Microsoft, MS-SAMR
// 2.2.1.9 "ACCOUNT_TYPE Values".
func groupAccountType(g directory.Group) string {
	n := 0x10000000 // SAM_GROUP_OBJECT
	if g.Scope == directory.DomainLocal || g.Scope == directory.BuiltinLocal {
		n = 0x20000000 // SAM_ALIAS_OBJECT
	}
	if g.Kind == directory.Distribution {
		n++ // SAM_NON_SECURITY_GROUP_OBJECT, SAM_NON_SECURITY_ALIAS_OBJECT
	}
	return strconv.Itoa(n)
}

// addNames shows users and groups of the domain by their distinguished names.
func (e *entry) addNames(name string, d directory.Domain, of []string) {
	if len(of) == 0 {
		return
	}
	values := make([]string, len(of))
	for i, n := range of {
		values[i] = directory.UserDN(n, d.Name)
	}
	e.add(name, values...)
}

// addFurther shows further attributes, in their order.
func (e *entry) addFurther(attributes map[string][]string) {
	for _, name := range sortedNames(attributes) {
		if e.attribute(fold(name)) == nil {
			e.add(name, attributes[name]...)
		}
	}
}

// epoch is the number of seconds from 1601, where Windows begins to count, to
// 1970 (Microsoft, MS-DTYP 2.3.3 "FILETIME").
const epoch = 11_644_473_600

// fileTime is a moment in units of 100 nanoseconds, "" for none.
func fileTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt((t.Unix()+epoch)*1e7+int64(t.Nanosecond()/100), 10)
}

// addSID shows a security identifier in its octets. One that cannot be read is
// left out: a client must not take a wrong one for an identity.
func (e *entry) addSID(sid string) {
	if b, err := directory.SIDBytes(sid); err == nil {
		e.add("objectSid", string(b))
	}
}
