package directoryservicedata

import (
	"strconv"
	"strings"
)

// attribute is the stored value of a further attribute: exactly one is set.
type attribute struct {
	S    *string  `json:"s,omitempty"`
	N    *int64   `json:"n,omitempty"`
	Bool *bool    `json:"bool,omitempty"`
	SS   []string `json:"ss,omitempty"`
}

// kind is the type of an attribute's value.
type kind int

const (
	aText   kind = iota + 1 // S
	aNumber                 // N
	aSet                    // SS
)

// attributes are the further attributes of a user, by folded name: how they
// are spelled and what they hold. Source: Microsoft, "Address Book Properties"
// and MS-ADSC 2.216 "Class organizationalPerson".
var attributes = table(map[kind]string{
	aText: `assistant c co comment company department description displayName division employeeID
		employeeNumber employeeType facsimileTelephoneNumber generationQualifier homeDirectory homeDrive
		homePhone homePostalAddress info initials ipPhone l manager middleName mobile o pager personalTitle
		physicalDeliveryOfficeName postalCode preferredLanguage profilePath roomNumber scriptPath st
		street streetAddress telephoneNumber title uid wWWHomePage`,
	aNumber: `countryCode gidNumber uidNumber`,
	aSet: `otherFacsimileTelephoneNumber otherHomePhone otherIpPhone otherMobile otherPager otherTelephone
		postalAddress postOfficeBox proxyAddresses servicePrincipalName url`,
})

type spelled struct {
	name string
	kind kind
}

func table(lists map[kind]string) map[string]spelled {
	out := make(map[string]spelled)
	for k, list := range lists {
		for name := range strings.FieldsSeq(list) {
			out[strings.ToLower(name)] = spelled{name, k}
		}
	}
	return out
}

// attributesFrom checks and stores what a client gave.
func attributesFrom(given map[string]AttributeValue) (map[string]attribute, error) {
	if len(given) == 0 {
		return nil, nil
	}
	out := make(map[string]attribute, len(given))
	for name, v := range given {
		known, ok := attributes[strings.ToLower(name)]
		if !ok {
			return nil, invalid(reasonAttributeName, "The attribute %s is not an attribute that can be set on a user.", name)
		}
		if _, twice := out[known.name]; twice {
			return nil, invalid(reasonDuplicate, "The attribute %s is given more than once.", known.name)
		}
		if !v.fits(known.kind) {
			return nil, invalid(reasonAttributeValue, "The value of the attribute %s is not of its type.", known.name)
		}
		out[known.name] = attribute{S: v.S, N: v.N, SS: v.SS}
	}
	return out, nil
}

// fits tells whether a value is set, alone, and of the kind.
func (v AttributeValue) fits(k kind) bool {
	set := map[kind]bool{aText: v.S != nil, aNumber: v.N != nil, aSet: len(v.SS) > 0}
	for other, is := range set {
		if is != (other == k) {
			return false
		}
	}
	return v.BOOL == nil
}

// value is the attribute on the wire.
func (a attribute) value() AttributeValue {
	return AttributeValue{S: a.S, N: a.N, BOOL: a.Bool, SS: a.SS}
}

// texts are the values as LDAP shows them (RFC 4517: a boolean is TRUE or
// FALSE).
func (a attribute) texts() []string {
	switch {
	case a.S != nil:
		return []string{*a.S}
	case a.N != nil:
		return []string{strconv.FormatInt(*a.N, 10)}
	case a.Bool != nil:
		return []string{strings.ToUpper(strconv.FormatBool(*a.Bool))}
	}
	return a.SS
}
