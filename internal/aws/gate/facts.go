package gate

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// facts answers the condition keys of one check. Source: IAM User Guide, "AWS
// global condition context keys".
type facts struct {
	g     *Gate
	s     *subject
	check *api.Check
	owner string

	read     bool // the check's LazyTags were called
	readTags map[string]string
	err      error // and failed
}

var _ policy.Context = (*facts)(nil)

// Values returns what is known of a key.
func (f *facts) Values(key string) ([]string, bool) {
	name, global := strings.CutPrefix(key, "aws:")
	if !global {
		return f.given(key)
	}
	if v, ok := f.check.Keys[canonical[name]]; ok { // a second factor that this call brought
		return []string{v}, true
	}
	family, member, tagged := strings.Cut(name, "/")
	switch {
	case tagged && family == "principaltag":
		return tag(f.s.tags, member), true
	case tagged && family == "resourcetag":
		return f.resourceTag(member)
	case tagged && family == "requesttag":
		values, _ := f.given(key)
		return values, true
	case name == "tagkeys":
		values, _ := f.given(key)
		return values, true
	}
	for _, ask := range []func(string) ([]string, bool){f.ofRequest, f.ofPrincipal, f.ofSession, f.ofService, f.ofOrganization} {
		if values, known := ask(name); known {
			return values, true
		}
	}
	return f.given(key)
}

// canonical are the global keys that a check may give better than the call.
var canonical = map[string]string{
	"multifactorauthpresent": "aws:MultiFactorAuthPresent",
	"multifactorauthage":     "aws:MultiFactorAuthAge",
}

// given looks into what the check gives. A key of another room's service is
// not in the request; one of the check's own service that it does not give is
// unknown.
func (f *facts) given(key string) ([]string, bool) {
	for k, v := range f.check.Keys {
		if strings.EqualFold(k, key) {
			return []string{v}, true
		}
	}
	for k, v := range f.check.Sets {
		if strings.EqualFold(k, key) {
			return v, true
		}
		if n := len(k) - 1; n >= 0 && (k[n] == '/' || k[n] == ':') && len(key) > n && strings.EqualFold(k, key[:n+1]) {
			return nil, true // a family that the room knows, and no such member
		}
	}
	service, name, _ := strings.Cut(key, ":")
	own, _, _ := strings.Cut(f.check.Action, ":")
	if strings.EqualFold(service, own) {
		if member, ok := strings.CutPrefix(name, "resourcetag/"); ok {
			return f.resourceTag(member)
		}
		return nil, false
	}
	return nil, f.g.prefixes[service]
}

// resourceTag finds a tag of the check's resource. Tags that cannot be read
// are not known, which denies, and the call ends with the error.
func (f *facts) resourceTag(key string) ([]string, bool) {
	if f.check.LazyTags == nil {
		return tag(f.check.Tags, key), true
	}
	if !f.read {
		f.read = true
		f.readTags, f.err = f.check.LazyTags()
	}
	return tag(f.readTags, key), f.err == nil
}

// tag finds a tag; keys ignore case in conditions.
func tag(tags map[string]string, key string) []string {
	for k, v := range tags {
		if strings.EqualFold(k, key) {
			return []string{v}
		}
	}
	return nil
}

func (f *facts) ofRequest(name string) ([]string, bool) {
	call := f.s.call
	switch name {
	case "sourceip":
		// Behind a service it is the service that sends: no address fits it, and
		// NotIpAddress holds.
		if a, err := netip.ParseAddr(call.SourceIP); err == nil {
			return only(a.Unmap().String()), true
		}
		return only(call.SourceIP), true
	case "securetransport":
		inside := len(call.Via) > 0 || call.SentBy != "" || call.Caller.Type == api.AWSService
		return only(strconv.FormatBool(call.Secure || inside)), true
	case "currenttime":
		return only(call.Time.UTC().Format(time.RFC3339)), true
	case "epochtime":
		return only(strconv.FormatInt(call.Time.Unix(), 10)), true
	case "requestedregion":
		return only(call.Region), true
	case "resourceaccount":
		return only(f.owner), true
	case "useragent":
		return only(call.UserAgent), true
	case "referer":
		return only(call.Referer), true
	case "viaawsservice":
		return only(strconv.FormatBool(len(call.Via) > 0)), true
	case "calledvia":
		return call.Via, true
	case "calledviafirst":
		return edge(call.Via, 0), true
	case "calledvialast":
		return edge(call.Via, len(call.Via)-1), true
	case "sourcevpc", "sourcevpce", "sourcevpcarn", "vpcsourceip", "vpceaccount", "vpceorgid", "vpceorgpaths", "ec2instancesourcevpc", "ec2instancesourceprivateipv4":
		return nil, true // the plane has no endpoints of a VPC
	}
	return nil, false
}

func edge(via []string, i int) []string {
	if len(via) == 0 {
		return nil
	}
	return via[i : i+1]
}

func only(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (f *facts) ofPrincipal(name string) ([]string, bool) {
	c := &f.s.call.Caller
	service := c.Type == api.AWSService
	switch name {
	case "principalarn":
		if c.Type == api.AssumedRole {
			return only(f.s.who.Behind), true
		}
		return only(f.s.who.ARN), true
	case "principalaccount":
		return only(f.s.who.Account), true
	case "principaltype":
		return principalType(c.Type), true
	case "principalisawsservice":
		return only(strconv.FormatBool(service)), true
	case "principalservicename", "principalservicenameslist":
		return only(f.s.who.Service), true
	case "userid":
		if c.Type == api.Root {
			return only(c.Account), true
		}
		return only(f.s.who.ID), true
	case "username":
		if c.Type == api.IAMUser {
			return only(c.Name), true
		}
		return nil, true
	}
	return nil, false
}

// principalType is the value of aws:PrincipalType, and of its shadow
// aws:principaltype in policy variables.
func principalType(t api.PrincipalType) []string {
	name, ok := map[api.PrincipalType]string{
		api.Root: "Account", api.IAMUser: "User", api.FederatedUser: "FederatedUser",
		api.AssumedRole: "AssumedRole", api.ManagedInstance: "AssumedRole", api.AWSAccount: "Anonymous",
	}[t]
	if !ok {
		return nil
	}
	return []string{name}
}

// otherSessions are keys of sessions that the plane does not make: of SAML and
// web identities, of AssumeRoot, of chat bots and of the console's sign-in.
var otherSessions = []string{"federatedprovider", "assumedroot", "chatbotsourcearn", "signinsessionarn"}

func (f *facts) ofSession(name string) ([]string, bool) {
	session := f.s.call.Caller.Session
	keys := []string{"multifactorauthpresent", "multifactorauthage", "tokenissuetime", "sourceidentity"}
	if slices.Contains(otherSessions, name) {
		return nil, true
	}
	if !slices.Contains(keys, name) {
		return nil, false
	}
	if session == nil {
		return nil, true
	}
	switch name {
	case "multifactorauthpresent":
		return only(strconv.FormatBool(session.MFA)), true
	case "multifactorauthage":
		if !session.MFA {
			return nil, true
		}
		return only(strconv.FormatInt(int64(f.s.call.Time.Sub(session.Issued)/time.Second), 10)), true
	case "tokenissuetime":
		return only(session.Issued.UTC().Format(time.RFC3339)), true
	}
	return only(session.SourceIdentity), true
}

// ofService are the keys that a service adds which acts for a resource.
func (f *facts) ofService(name string) ([]string, bool) {
	source := ""
	if f.s.call.Caller.Type == api.AWSService {
		source = f.s.call.SourceARN
	}
	switch name {
	case "sourcearn":
		return only(source), true
	case "sourceaccount", "sourceowner": // the latter in old policies of topics
		if source == "" {
			return nil, true
		}
		return only(f.s.call.Caller.Account), true
	}
	return nil, false
}

// ofOrganization are the keys that tell organizations apart. They are read when
// a policy asks; what cannot be read is not known, which denies, and the call
// ends with the error.
func (f *facts) ofOrganization(name string) ([]string, bool) {
	account, paths := f.s.call.Caller.Account, false
	switch name {
	case "principalorgid":
		account = f.s.who.Account // a service has none
	case "principalorgpaths":
		account, paths = f.s.who.Account, true
	case "resourceorgid":
		account = f.owner
	case "resourceorgpaths":
		account, paths = f.owner, true
	case "sourceorgid", "sourceorgpaths":
		if f.s.call.Caller.Type != api.AWSService || f.s.call.SourceARN == "" {
			return nil, true
		}
		paths = name == "sourceorgpaths"
	default:
		return nil, false
	}
	if f.g.orgs == nil || account == "" {
		return nil, true
	}
	id, path, err := f.s.organization(account)
	if err != nil {
		f.err = err
		return nil, false
	}
	if paths {
		return only(path), true
	}
	return only(id), true
}
