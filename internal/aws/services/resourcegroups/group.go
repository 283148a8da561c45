package resourcegroups

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// group is the stored form of a group.
type group struct {
	Name        string
	Account     string
	Region      string
	Description *string           `json:",omitempty"`
	Owner       *string           `json:",omitempty"`
	DisplayName *string           `json:",omitempty"`
	Criticality *int32            `json:",omitempty"`
	Query       string            // JSON, as it was given
	Tags        map[string]string `json:",omitempty"`
}

var groups = store.Table[group]{
	Name: "resourcegroups.groups", Reach: store.Regional,
	Key: func(g *group) string { return g.Name },
}

func groupARN(sc store.Scope, name string) string {
	return arn.New("resource-groups", sc.Region, sc.Account, "group/"+name).String()
}

func (g *group) arn() string {
	return groupARN(store.In(g.Account, g.Region), g.Name)
}

func (g *group) shown() *types.Group {
	return &types.Group{
		GroupArn: new(g.arn()), Name: &g.Name, Description: g.Description,
		Owner: g.Owner, DisplayName: g.DisplayName, Criticality: g.Criticality,
	}
}

func (g *group) query() *types.ResourceQuery {
	return &types.ResourceQuery{Type: types.QueryTypeTagFilters10, Query: &g.Query}
}

// named is the group that a request names: by Group, a name or an ARN, or by
// GroupName, which is deprecated.
func named(call *api.Call, name, whole *string) (string, error) {
	given := aws.ToString(whole)
	switch {
	case whole != nil && name != nil:
		return "", bad("Specify either Group or GroupName, not both.")
	case whole == nil && name == nil:
		return "", bad("You must specify a group.")
	case whole == nil:
		given = *name
	}
	if !strings.HasPrefix(given, "arn:") {
		return given, nil
	}
	a, err := arn.Parse(given)
	if err != nil {
		return "", bad("%s is not the ARN of a group.", given)
	}
	bare, _ := strings.CutPrefix(a.Resource, "group/")
	if a.Account != call.Account || a.Region != call.Region {
		return "", missing(bare)
	}
	return bare, nil
}

// find reads a group.
func find(tx *store.Tx, sc store.Scope, name string) (*group, error) {
	g, err := groups.Get(tx, sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missing(name)
	}
	return g, err
}

// look reads the group of a request.
func (s *Service) look(ctx context.Context, name, whole *string) (g *group, err error) {
	call := api.CallFrom(ctx)
	id, err := named(call, name, whole)
	if err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		g, err = find(tx, store.In(call.Place()), id)
		return err
	})
	return g, err
}

// change changes the group of a request.
func (s *Service) change(ctx context.Context, name, whole *string, move func(g *group) error) (g *group, err error) {
	call := api.CallFrom(ctx)
	id, err := named(call, name, whole)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if g, err = find(tx, store.In(call.Place()), id); err != nil {
			return err
		}
		if err = move(g); err != nil {
			return err
		}
		return groups.Put(tx, store.In(call.Place()), g)
	})
	return g, err
}

// on is the check of an action on the group that a request names.
func (s *Service) on(ctx context.Context, action string, name, whole *string) api.Check {
	call := api.CallFrom(ctx)
	id, err := named(call, name, whole)
	if err != nil {
		id = "*" // the operation says what is wrong
	}
	sc := store.In(call.Place())
	return api.Check{Action: action, Resource: groupARN(sc, id), LazyTags: func() (tags map[string]string, err error) {
		err = s.store.View(ctx, func(tx *store.Tx) error {
			g, err := groups.Get(tx, sc, id)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err == nil {
				tags = g.Tags
			}
			return err
		})
		return tags, err
	}}
}

func bad(format string, args ...any) error {
	return &types.BadRequestException{Message: new(fmt.Sprintf(format, args...))}
}

func missing(name string) error {
	return &types.NotFoundException{Message: new("Cannot find group: " + name)}
}
