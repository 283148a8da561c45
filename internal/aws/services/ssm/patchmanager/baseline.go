package patchmanager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// condition is a patch filter: the property has one of the values.
type condition struct {
	Key    string
	Values []string
}

// rule approves patches that meet all its conditions.
type rule struct {
	Conditions  []condition
	Level       string // compliance level
	After       int32  // days after the release
	Until       string `json:",omitempty"` // YYYY-MM-DD instead
	NonSecurity bool   `json:",omitempty"`
}

// source is a repository that takes the place of the node's own.
type source struct {
	Name          string
	Products      []string
	Configuration string
}

// baseline says which patches a node should have.
type baseline struct {
	ID          string // pb-...
	Name        string
	Description string `json:",omitempty"`
	OS          string
	Global      []condition `json:",omitempty"`
	Rules       []rule      `json:",omitempty"`
	Approved    []string    `json:",omitempty"`
	Level       string      // of approved patches
	NonSecurity bool        `json:",omitempty"` // among approved patches
	Rejected    []string    `json:",omitempty"`
	Action      string      // ALLOW_AS_DEPENDENCY or BLOCK
	Sources     []source    `json:",omitempty"`
	Available   string      `json:",omitempty"` // AvailableSecurityUpdatesComplianceStatus
	Created     time.Time
	Modified    time.Time
	Tags        map[string]string `json:",omitempty"`
	Token       string            `json:",omitempty"` // the client's
	Request     string            `json:",omitempty"` // hash of the request with the token
	Predefined  bool              `json:",omitempty"`
}

var baselines = store.Table[baseline]{
	Name: "ssm.patchbaselines", Reach: store.Regional,
	Key:     func(b *baseline) string { return b.ID },
	Indexes: map[string]func(*baseline) string{"token": func(b *baseline) string { return b.Token }},
}

// standard is the default baseline of an operating system.
type standard struct {
	OS       string
	Baseline string
}

var defaults = store.Table[standard]{
	Name: "ssm.patchdefaults", Reach: store.Regional,
	Key: func(d *standard) string { return d.OS },
}

// group is the baseline of a patch group for an operating system.
type group struct {
	Group    string
	OS       string
	Baseline string
}

var groups = store.Table[group]{
	Name: "ssm.patchgroups", Reach: store.Regional,
	Key:     func(g *group) string { return g.Group + "\x1f" + g.OS },
	Indexes: map[string]func(*group) string{"baseline": func(g *group) string { return g.Baseline }},
}

// owner is the account number that AWS's predefined baselines have (User
// Guide, of us-east-2).
const owner = "733109147000"

func (b *baseline) arn(scope store.Scope) arn.ARN {
	account := scope.Account
	if b.Predefined {
		account = owner
	}
	return arn.New("ssm", scope.Region, account, "patchbaseline/"+b.ID)
}

// shown is how AWS names a baseline in answers: predefined ones by ARN.
func (b *baseline) shown(scope store.Scope) string {
	if b.Predefined {
		return b.arn(scope).String()
	}
	return b.ID
}

// bare is the pb- id of an id or ARN.
func bare(id string) string {
	if a, err := arn.Parse(id); err == nil && a.Service == "ssm" {
		return strings.TrimPrefix(a.Resource, "patchbaseline/")
	}
	return id
}

// find returns a baseline by its id or ARN; ok is false if there is none.
func find(tx *store.Tx, scope store.Scope, id string) (b *baseline, ok bool, err error) {
	id = bare(id)
	for i := range predefined {
		if one := predefined[i].baseline(); one.ID == id {
			return one, true, nil
		}
	}
	b, err = baselines.Get(tx, scope, id)
	if missing(err) {
		return nil, false, nil
	}
	return b, err == nil, err
}

func mustFind(tx *store.Tx, scope store.Scope, id string) (*baseline, error) {
	b, ok, err := find(tx, scope, id)
	if err == nil && !ok {
		err = &types.DoesNotExistException{Message: new("Patch baseline " + id + " does not exist.")}
	}
	return b, err
}

// every baseline, AWS's first.
func every(tx *store.Tx, scope store.Scope) ([]*baseline, error) {
	own, err := baselines.List(tx, scope, store.Page{})
	if err != nil {
		return nil, err
	}
	var all []*baseline
	for i := range predefined {
		all = append(all, predefined[i].baseline())
	}
	return append(all, own...), nil
}

// defaultOf is the default baseline of an operating system.
func defaultOf(tx *store.Tx, scope store.Scope, os string) (*baseline, error) {
	d, err := defaults.Get(tx, scope, os)
	if err == nil {
		return mustFind(tx, scope, d.Baseline)
	}
	if !missing(err) {
		return nil, err
	}
	for i := range predefined {
		if one := predefined[i].baseline(); one.OS == os && predefined[i].standard {
			return one, nil
		}
	}
	return nil, &types.UnsupportedOperatingSystem{Message: new("There is no patch baseline for " + os + ".")}
}

// baselineFor is what a patch group's nodes are held to: the group's own, else
// the default.
func baselineFor(tx *store.Tx, scope store.Scope, patchGroup, os string) (*baseline, error) {
	if patchGroup != "" {
		g, err := groups.Get(tx, scope, groups.Key(&group{Group: patchGroup, OS: os}))
		if err == nil {
			return mustFind(tx, scope, g.Baseline)
		}
		if !missing(err) {
			return nil, err
		}
	}
	return defaultOf(tx, scope, os)
}

func (b *baseline) identity(tx *store.Tx, scope store.Scope) (types.PatchBaselineIdentity, error) {
	d, err := defaultOf(tx, scope, b.OS)
	if err != nil {
		return types.PatchBaselineIdentity{}, err
	}
	return types.PatchBaselineIdentity{
		BaselineId: new(b.shown(scope)), BaselineName: &b.Name, BaselineDescription: &b.Description,
		OperatingSystem: types.OperatingSystem(b.OS), DefaultBaseline: d.ID == b.ID,
	}, nil
}

// newID is a baseline's id from what makes it unique.
func newID(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return "pb-0" + hex.EncodeToString(sum[:8])
}

// onBaseline is the check of an action on a baseline that a request names.
func (s *Service) onBaseline(ctx context.Context, action, id string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	c := api.Check{Action: action, Resource: (&baseline{ID: bare(id)}).arn(scope).String(), Owner: call.Account}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		b, ok, err := find(tx, scope, id)
		if ok {
			c.Tags, c.Resource = b.Tags, b.arn(scope).String()
		}
		return err
	})
	return []api.Check{c}, err
}

// patchGroup is the group that a node's tags put it into. PatchGroup without a
// blank is for nodes whose tags are shown in their metadata.
func (m Machine) patchGroup() string { return cmp.Or(m.Tags["Patch Group"], m.Tags["PatchGroup"]) }

func sortByID(all []*baseline) {
	slices.SortFunc(all, func(a, b *baseline) int { return strings.Compare(a.ID, b.ID) })
}
