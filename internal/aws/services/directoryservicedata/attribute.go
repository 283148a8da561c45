package directoryservicedata

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tamachi/internal/directory"
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

// spelled is an attribute as the schema spells it.
type spelled struct {
	name string
	kind kind
}

// lexicon is the further attributes of a sort of object, by folded name.
type lexicon struct {
	object string // for people
	words  map[string]spelled
}

// ofUsers and ofGroups are what can be read and set beside what has a
// parameter of its own. Sources: Microsoft, "Address Book Properties", MS-ADSC
// 2.216 "Class organizationalPerson" and 2.71 "Class group"; AWS Directory
// Service Administration Guide, "AWS Directory Service Data attributes".
var (
	ofUsers = lexicon{"user", table(map[kind]string{
		aText: `assistant c co comment company department description displayName division employeeID
		employeeNumber employeeType facsimileTelephoneNumber generationQualifier homeDirectory homeDrive
		homePhone homePostalAddress info initials ipPhone l manager middleName mobile o pager personalTitle
		physicalDeliveryOfficeName postalCode preferredLanguage profilePath roomNumber scriptPath st
		street streetAddress telephoneNumber title uid wWWHomePage`,
		aNumber: `countryCode gidNumber uidNumber`,
		aSet: `otherFacsimileTelephoneNumber otherHomePhone otherIpPhone otherMobile otherPager otherTelephone
		postalAddress postOfficeBox proxyAddresses servicePrincipalName url`,
	})}
	ofGroups = lexicon{"group", table(map[kind]string{
		aText:   `comment description displayName info mail managedBy wWWHomePage`,
		aNumber: `gidNumber`,
		aSet:    `proxyAddresses url`,
	})}
)

func table(lists map[kind]string) map[string]spelled {
	out := make(map[string]spelled)
	for k, list := range lists {
		for name := range strings.FieldsSeq(list) {
			out[strings.ToLower(name)] = spelled{name, k}
		}
	}
	return out
}

// single tells whether an LDAP attribute has one value only.
func (l lexicon) single(name string) bool { return l.words[strings.ToLower(name)].kind != aSet }

// read checks what a client gave and returns it as LDAP has it.
func (l lexicon) read(given map[string]AttributeValue) (map[string][]string, error) {
	if len(given) == 0 {
		return nil, nil
	}
	out := make(map[string][]string, len(given))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		known, ok := l.words[strings.ToLower(name)]
		if !ok {
			return nil, invalid(reasonAttributeName, "The attribute %s is not an attribute that can be set on a %s.", name, l.object)
		}
		if _, twice := out[known.name]; twice {
			return nil, invalid(reasonDuplicate, "The attribute %s is given more than once.", known.name)
		}
		v := given[name]
		if !v.fits(known.kind) {
			return nil, invalid(reasonAttributeValue, "The value of the attribute %s is not of its type.", known.name)
		}
		out[known.name] = attribute{S: v.S, N: v.N, SS: v.SS}.texts()
	}
	return out, nil
}

// show returns those of the named attributes that an object has, spelled as the
// directory spells them.
func (l lexicon) show(names []string, values func(string) []string) (map[string]AttributeValue, error) {
	var out map[string]AttributeValue
	for _, name := range names {
		known, ok := l.words[strings.ToLower(name)]
		if !ok {
			return nil, invalid(reasonAttributeName, "The attribute %s is not an attribute of a %s.", name, l.object)
		}
		have := values(known.name)
		if len(have) == 0 {
			continue
		}
		if out == nil {
			out = make(map[string]AttributeValue)
		}
		out[known.name] = wired(known.kind, have)
	}
	return out, nil
}

// wired is what LDAP has as the wire has it. A number that is none is shown as
// the text that it is.
func wired(k kind, values []string) AttributeValue {
	switch k {
	case aSet:
		return AttributeValue{SS: values}
	case aNumber:
		if n, err := strconv.ParseInt(values[0], 10, 64); err == nil {
			return AttributeValue{N: &n}
		}
	}
	return AttributeValue{S: &values[0]}
}

// stored is what LDAP has as a record has it.
func (l lexicon) stored(values map[string][]string) map[string]attribute {
	if len(values) == 0 {
		return nil
	}
	out := make(map[string]attribute, len(values))
	for name, v := range values {
		w := wired(l.words[strings.ToLower(name)].kind, v)
		out[name] = attribute{S: w.S, N: w.N, SS: w.SS}
	}
	return out
}

// shown is what a record has as LDAP has it.
func shown(stored map[string]attribute) map[string][]string {
	if len(stored) == 0 {
		return nil
	}
	out := make(map[string][]string, len(stored))
	for name, v := range stored {
		out[name] = v.texts()
	}
	return out
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

// changes are those that an update asks for: of the parameters that have a name
// of their own, by LDAP name, and of further attributes. Without a type an
// update replaces.
func (l lexicon) changes(kind *string, own map[string]*string, further map[string]AttributeValue) ([]directory.Change, error) {
	how := directory.Replace
	if kind != nil {
		how = directory.ChangeKind(*kind)
	}
	values, err := l.read(further)
	if err != nil {
		return nil, err
	}
	if values == nil {
		values = make(map[string][]string)
	}
	for name, v := range own {
		if v != nil {
			values[name] = []string{*v}
		}
	}
	var out []directory.Change
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, directory.Change{Kind: how, Attribute: name, Values: values[name]})
	}
	return out, nil
}

// searched turns the attributes of a search into LDAP names: those that hold
// text. own are those with a parameter of their own, by folded name.
func (l lexicon) searched(names []string, own map[string]string) ([]string, error) {
	var out []string
	for _, name := range names {
		known, ok := l.words[strings.ToLower(name)]
		ldap, is := own[strings.ToLower(name)]
		switch {
		case is:
			out = append(out, ldap)
		case !ok:
			return nil, invalid(reasonAttributeName, "The attribute %s is not an attribute of a %s.", name, l.object)
		case known.kind == aNumber:
			return nil, invalid(reasonSearch, "The attribute %s can't be searched for.", known.name)
		default:
			out = append(out, known.name)
		}
	}
	return out, nil
}

// among are those of some LDAP attributes that an object has and that are
// further ones.
func (l lexicon) among(names []string, values func(string) []string) map[string]AttributeValue {
	var further []string
	for _, n := range names {
		if _, ok := l.words[strings.ToLower(n)]; ok {
			further = append(further, n)
		}
	}
	out, _ := l.show(further, values) // they are words of this lexicon
	return out
}
