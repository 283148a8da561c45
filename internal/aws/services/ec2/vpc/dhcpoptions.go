package vpc

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// DHCPOptions are what the machines of a network are told about names and time
// when they get their address.
type DHCPOptions struct {
	Head
	Options []DHCPOption
}

// DHCPOption is one option with its values, as they were given.
type DHCPOption struct {
	Key    string
	Values []string
}

// The options that decide about names, and the value that stands for AWS's own
// name server.
const (
	nameServers = "domain-name-servers"
	nameDomain  = "domain-name"
	amazonNames = "AmazonProvidedDNS"
)

// noOptions is what a network has instead of an id whose machines are told nothing.
const noOptions = "default"

var dhcpOptions = store.Table[DHCPOptions]{Name: "ec2.dhcpoptions", Reach: store.Regional, Key: func(o *DHCPOptions) string { return o.ID }}

var dhcpNoun = noun[DHCPOptions]{
	table: &dhcpOptions, prefix: "dopt", arn: "dhcp-options", code: "InvalidDhcpOptionID.", malformed: "InvalidDhcpOptionsId.Malformed",
	text: "The dhcpOptions ID '%s' does not exist",
	head: func(o *DHCPOptions) *Head { return &o.Head }, facts: dhcpFacts,
}

func dhcpFacts(_ look, o *DHCPOptions, filter string) (out []string, ok bool, err error) {
	switch filter {
	case "dhcp-options-id":
		return []string{o.ID}, true, nil
	case "key":
		for _, one := range o.Options {
			out = append(out, one.Key)
		}
		return out, true, nil
	case "value":
		for _, one := range o.Options {
			out = append(out, one.Values...)
		}
		return out, true, nil
	}
	return nil, false, nil
}

func (o *DHCPOptions) describe(l look) types.DhcpOptions {
	out := types.DhcpOptions{DhcpOptionsId: &o.ID, OwnerId: &l.sc.Account, Tags: tagList(o.Tags), DhcpConfigurations: []types.DhcpConfiguration{}}
	for _, one := range o.Options {
		shown := types.DhcpConfiguration{Key: &one.Key, Values: []types.AttributeValue{}}
		for _, v := range one.Values {
			shown.Values = append(shown.Values, types.AttributeValue{Value: new(v)})
		}
		out.DhcpConfigurations = append(out.DhcpConfigurations, shown)
	}
	return out
}

// dhcpRules tell of each option how many values it has, and which ones (EC2 API
// Reference, CreateDhcpOptions).
var dhcpRules = map[string]struct {
	most int
	ok   func(value string) bool
	why  string
}{
	nameServers:                         {4, func(v string) bool { return v == amazonNames || isAddress(v) }, "The value must be an IP address or AmazonProvidedDNS."},
	nameDomain:                          {1, isDomain, "The value must be a domain name."},
	"ntp-servers":                       {4, isAddress, "The value must be an IP address."},
	"netbios-name-servers":              {4, func(v string) bool { return isAddress(v) && !strings.Contains(v, ":") }, "The value must be an IPv4 address."},
	"netbios-node-type":                 {1, func(v string) bool { return slices.Contains([]string{"1", "2", "4", "8"}, v) }, "The value must be 1, 2, 4 or 8."},
	"ipv6-address-preferred-lease-time": {1, isLease, "The value must be between 140 and 2147483647 seconds."},
}

var domainText = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$`)

// isDomain takes one domain name, or several for the systems that know that form.
func isDomain(v string) bool {
	return !slices.ContainsFunc(strings.Split(v, " "), func(name string) bool { return !domainText.MatchString(name) })
}

func isAddress(v string) bool {
	a, err := netip.ParseAddr(v)
	return err == nil && a.Zone() == ""
}

func isLease(v string) bool {
	n, err := strconv.ParseInt(v, 10, 32)
	return err == nil && n >= 140
}

// newDHCPOptions reads the options of a request.
func newDHCPOptions(given []types.NewDhcpConfiguration) ([]DHCPOption, error) {
	if len(given) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter dhcpConfiguration")
	}
	var out []DHCPOption
	for _, g := range given {
		key := text(g.Key)
		rule, ok := dhcpRules[key]
		switch {
		case !ok:
			return nil, badValue(key, "name", "Unknown DHCP option")
		case slices.ContainsFunc(out, func(o DHCPOption) bool { return o.Key == key }):
			return nil, badValue(key, "name", "The option is given twice.")
		case len(g.Values) == 0:
			return nil, fault("MissingParameter", "The option %s must have a value", key)
		case len(g.Values) > rule.most:
			return nil, badValue(strings.Join(g.Values, ","), key, "There are too many values.")
		}
		for _, v := range g.Values {
			if !rule.ok(v) {
				return nil, badValue(v, key, rule.why)
			}
		}
		out = append(out, DHCPOption{key, g.Values})
	}
	return out, nil
}

// defaultOptions finds the id of the options that new networks of a Region have,
// and makes them where they were deleted.
func (s *Service) defaultOptions(l look) (string, error) {
	set, err := isSettledAs(l)
	if err != nil {
		return "", err
	}
	if _, err := dhcpNoun.get(l, set.DHCP); err == nil || unlessModelled(err) != nil {
		return set.DHCP, err
	}
	set.DHCP = dhcpNoun.newID(s)
	if err := settled.Put(l.tx, l.sc, set); err != nil {
		return "", err
	}
	return set.DHCP, putDefaultOptions(l, set.DHCP)
}

// putDefaultOptions makes the options with which a Region begins (VPC User Guide,
// "Default DHCP option set").
func putDefaultOptions(l look, id string) error {
	return dhcpNoun.put(l, &DHCPOptions{Head{ID: id}, []DHCPOption{{nameDomain, []string{domainOf(l.sc.Region)}}, {nameServers, []string{amazonNames}}}})
}

// domainOf is the domain in which AWS's resolver knows the addresses of a Region.
func domainOf(region string) string {
	if region == "us-east-1" {
		return "ec2.internal"
	}
	return region + ".compute.internal"
}
