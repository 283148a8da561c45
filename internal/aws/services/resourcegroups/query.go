package resourcegroups

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Query is a query of type TAG_FILTERS_1_0, taken apart.
// Source: Resource Groups API Reference, "ResourceQuery".
type Query struct {
	ResourceTypeFilters []string
	TagFilters          []TagFilter
}

// TagFilter asks for a tag with one of some values, with any value when there
// are none.
type TagFilter struct {
	Key    string
	Values []string
}

// allSupported is the type that means all.
const allSupported = "AWS::AllSupported"

var typeForm = regexp.MustCompile(`^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$`)

// newQuery reads the query of a request.
func newQuery(given *types.ResourceQuery) (*Query, error) {
	if given.Type != types.QueryTypeTagFilters10 {
		return nil, bad("Query not valid: queries of type %s are not available here, where there are no stacks.", given.Type)
	}
	q, err := readQuery(aws.ToString(given.Query))
	if err != nil {
		return nil, bad("Query not valid: %s", err)
	}
	return q, nil
}

// readQuery reads the text of a query.
func readQuery(text string) (*Query, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	var q Query
	if err := d.Decode(&q); err != nil || d.More() {
		return nil, errors.New("it is no JSON object with ResourceTypeFilters and TagFilters")
	}
	if len(q.ResourceTypeFilters) == 0 {
		return nil, errors.New("ResourceTypeFilters must name at least one type")
	}
	for _, kind := range q.ResourceTypeFilters {
		if kind != allSupported && !typeForm.MatchString(kind) {
			return nil, fmt.Errorf("%q is no type of resources", kind)
		}
	}
	for i, f := range q.TagFilters {
		if f.Key == "" {
			return nil, errors.New("a tag filter must have a key")
		}
		if slices.ContainsFunc(q.TagFilters[:i], func(o TagFilter) bool { return o.Key == f.Key }) {
			return nil, fmt.Errorf("the tag key %q is there twice", f.Key)
		}
	}
	return &q, nil
}

// Fits tells whether a resource of a type with the tags is found.
func (q *Query) Fits(kind string, tags map[string]string) bool {
	if !slices.Contains(q.ResourceTypeFilters, allSupported) && !slices.Contains(q.ResourceTypeFilters, kind) {
		return false
	}
	for _, f := range q.TagFilters {
		value, has := tags[f.Key]
		if !has || len(f.Values) > 0 && !slices.Contains(f.Values, value) {
			return false
		}
	}
	return true
}

// wants tells whether resources of a service can be among those sought.
func (q *Query) wants(service string) bool {
	if slices.Contains(q.ResourceTypeFilters, allSupported) {
		return true
	}
	for own, kind := range kinds {
		if strings.HasPrefix(own, service+":") && slices.Contains(q.ResourceTypeFilters, kind) {
			return true
		}
	}
	return false
}

// Group returns the query of a group, for services that take groups as targets;
// store.ErrNotFound when there is no such group.
func (s *Service) Group(tx *store.Tx, sc store.Scope, name string) (*Query, error) {
	g, err := groups.Get(tx, sc, name)
	if err != nil {
		return nil, err
	}
	q, err := readQuery(g.Query)
	if err != nil {
		return nil, fmt.Errorf("query of group %s: %w", name, err)
	}
	return q, nil
}

// kinds are the types of resources in CloudFormation's words, by those of the
// rooms. Source: Resource Groups User Guide, "Resource types you can use with
// AWS Resource Groups and Tag Editor".
var kinds = map[string]string{
	"cloudtrail:trail":           "AWS::CloudTrail::Trail",
	"cloudwatch:alarm":           "AWS::CloudWatch::Alarm",
	"cloudwatch:dashboard":       "AWS::CloudWatch::Dashboard",
	"ec2:customer-gateway":       "AWS::EC2::CustomerGateway",
	"ec2:dhcp-options":           "AWS::EC2::DHCPOptions",
	"ec2:elastic-ip":             "AWS::EC2::EIP",
	"ec2:internet-gateway":       "AWS::EC2::InternetGateway",
	"ec2:natgateway":             "AWS::EC2::NatGateway",
	"ec2:network-acl":            "AWS::EC2::NetworkAcl",
	"ec2:network-interface":      "AWS::EC2::NetworkInterface",
	"ec2:route-table":            "AWS::EC2::RouteTable",
	"ec2:security-group":         "AWS::EC2::SecurityGroup",
	"ec2:subnet":                 "AWS::EC2::Subnet",
	"ec2:transit-gateway":        "AWS::EC2::TransitGateway",
	"ec2:vpc":                    "AWS::EC2::VPC",
	"ec2:vpc-peering-connection": "AWS::EC2::VPCPeeringConnection",
	"ec2:vpn-connection":         "AWS::EC2::VPNConnection",
	"ec2:vpn-gateway":            "AWS::EC2::VPNGateway",
	"events:event-bus":           "AWS::Events::EventBus",
	"events:rule":                "AWS::Events::Rule",
	"iam:instance-profile":       "AWS::IAM::InstanceProfile",
	"iam:mfa":                    "AWS::IAM::VirtualMFADevice",
	"iam:policy":                 "AWS::IAM::ManagedPolicy",
	"kms:key":                    "AWS::KMS::Key",
	"logs:log-group":             "AWS::Logs::LogGroup",
	"resource-groups:group":      "AWS::ResourceGroups::Group",
	"s3:bucket":                  "AWS::S3::Bucket",
	"sns:topic":                  "AWS::SNS::Topic",
	"ssm:document":               "AWS::SSM::Document",
	"ssm:managed-instance":       "AWS::SSM::ManagedInstance",
	"ssm:parameter":              "AWS::SSM::Parameter",
	"ssm:patchbaseline":          "AWS::SSM::PatchBaseline",
	"workspaces:workspace":       "AWS::WorkSpaces::Workspace",
}

// kindOf is a resource's type in CloudFormation's words, "" for one that no
// group holds.
func kindOf(r api.Tagged) string { return kinds[r.Type] }
