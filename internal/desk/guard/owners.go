package guard

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/aws/reference"
	"tamachi/internal/desk/account"
	"tamachi/internal/policy"
)

// Tags reads which resources have a tag.
type Tags interface {
	GetResources(context.Context, *resourcegroupstaggingapi.GetResourcesInput, ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error)
}

// Owned is a resource that somebody owns.
type Owned struct {
	ARN   string
	Owner string // the value of the tag that says whose it is
	Tags  map[string]string
}

// readOwned lists the resources of the account and Region that have the tag which
// says whose they are.
func readOwned(ctx context.Context, api Tags, key string) ([]Owned, error) {
	var out []Owned
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		page, err := api.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{TagFilters: []types.TagFilter{{Key: &key}}, PaginationToken: token})
		if err != nil {
			return nil, account.Explain("tag:GetResources", err)
		}
		for _, r := range page.ResourceTagMappingList {
			o := Owned{ARN: aws.ToString(r.ResourceARN), Tags: map[string]string{}}
			for _, t := range r.Tags {
				o.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
			o.Owner = o.Tags[key]
			out = append(out, o)
		}
		if aws.ToString(page.PaginationToken) == "" {
			return nil, nil
		}
		return page.PaginationToken, nil
	})
	return out, err
}

// Stranger is a principal who may change what another team owns.
type Stranger struct {
	Principal string `json:"principal"`
	Team      string `json:"team,omitempty"` // the principal's own; empty for one without the tag
	Resource  string `json:"resource"`
	Owner     string `json:"owner"`
	// Yes are the actions that are allowed whatever the call, Depends those that
	// depend on the call.
	Yes     []string `json:"yes,omitempty"`
	Depends []string `json:"depends,omitempty"`
	// By are the policies that allow: of the principal, or else of the resource.
	By []string `json:"by"`
}

// Strangers lists who may change what another team's tag owns. Names that fit one
// of except (with * and ?) are left out, and so are service-linked roles. Source
// of what changes a resource: the Service Authorization Reference.
func (e *Estate) Strangers(list []Owned, key string, except []string) ([]Stranger, error) {
	all, err := reference.Load()
	if err != nil {
		return nil, err
	}
	changes := reference.NewChanges(all)
	out := []Stranger{}
	actions := make([][]string, len(list))
	for i := range list {
		actions[i] = changes.Of(list[i].ARN)
	}
	for _, h := range e.Holders {
		name := h.Name()
		if h.Who.ServiceLinked() || slices.ContainsFunc(except, func(pattern string) bool { return fits(pattern, name) }) {
			continue
		}
		team := h.Tags[key]
		for i := range list {
			if list[i].Owner == team {
				continue
			}
			s := Stranger{Principal: name, Team: team, Resource: list[i].ARN, Owner: list[i].Owner}
			e.change(h, &list[i], actions[i], &s)
			if len(s.Yes)+len(s.Depends) > 0 {
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// fits compares a principal's ARN, or the name at its end, with a pattern.
func fits(pattern, arn string) bool {
	return policy.Match(pattern, arn) || policy.Match(pattern, path.Base(arn))
}

// change enters by which actions a principal may change a resource.
func (e *Estate) change(h *Holder, o *Owned, actions []string, s *Stranger) {
	keys := marked{standing{h, e}, o.Tags}
	for _, action := range actions {
		r, p := e.request(h, action, o.ARN, keys)
		d := policy.Decide(r, p)
		switch {
		case d.Allowed():
			s.Yes = append(s.Yes, action)
		case d.Unknown != "" && (h.Identity.Grants(action) || p.Resource.Grants(action)):
			s.Depends = append(s.Depends, action)
		default:
			continue
		}
		allows := h.Identity
		if !allows.Grants(action) {
			allows = p.Resource
		}
		for _, by := range allowances(allows, action) {
			name, _, _ := strings.Cut(by, ": ")
			s.By = once(s.By, name)
		}
	}
}

// marked answers with the tags of a resource, too.
type marked struct {
	standing
	tags map[string]string
}

// Values returns the values of a key in lower case.
func (m marked) Values(key string) ([]string, bool) {
	service, tag, is := strings.Cut(key, ":resourcetag/")
	if !is || service == "" {
		return m.standing.Values(key)
	}
	for name, value := range m.tags {
		if strings.EqualFold(name, tag) {
			return []string{value}, true
		}
	}
	return nil, true
}
