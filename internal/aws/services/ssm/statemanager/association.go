package statemanager

import (
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
)

// Table is the name under which the feed tells of associations.
const Table = "ssm.associations"

// Limits of the API reference: AssociationLimitExceeded and
// AssociationVersionLimitExceeded.
const (
	maxAssociations = 2000
	maxVersions     = 1000
)

// association is a binding of a document to targets. Its record changes by
// what customers do only; how its nodes stand is in its standing.
type association struct {
	ID      string
	Version int64
	settings
	InstanceID string            `json:",omitempty"` // of an association in the old form
	Legacy     *legacyStatus     `json:",omitempty"`
	Created    time.Time         // of the association
	Updated    time.Time         // of its latest version
	Tags       map[string]string `json:",omitempty"`
}

// settings are what a version of an association says.
type settings struct {
	Name            string              `json:",omitempty"` // AssociationName
	Document        string              // as the caller named it
	DocumentVersion string              `json:",omitempty"`
	Parameters      map[string][]string `json:",omitempty"`
	Targets         []Target            `json:",omitempty"`
	Schedule        string              `json:",omitempty"`
	Offset          int32               `json:",omitempty"`
	OnlyAtCron      bool                `json:",omitempty"`
	MaxErrors       string              `json:",omitempty"`
	MaxConcurrency  string              `json:",omitempty"`
	Severity        string              `json:",omitempty"`
	Sync            string              `json:",omitempty"` // AUTO or MANUAL
	Calendars       []string            `json:",omitempty"`
	Output          *output             `json:",omitempty"`
	Guard           *alarm.Guard        `json:",omitempty"` // alarms that stop a round
}

// output is where in S3 a node puts what its steps write.
type output struct {
	Region, Bucket, Prefix string `json:",omitempty"`
}

// legacyStatus is what UpdateAssociationStatus sets.
type legacyStatus struct {
	Name, Message string
	Info          string `json:",omitempty"`
	Date          time.Time
}

var associations = store.Table[association]{
	Name: Table, Reach: store.Regional,
	Key: func(a *association) string { return a.ID },
	Indexes: map[string]func(*association) string{
		"document": func(a *association) string { return a.Document },
		"instance": func(a *association) string { return a.InstanceID },
	},
}

// version is one version of an association. It never changes.
type version struct {
	Association string
	Number      int64
	Created     time.Time
	settings
}

var versions = store.Table[version]{
	Name: "ssm.association-versions", Reach: store.Regional,
	Key: func(v *version) string { return versionKey(v.Association, v.Number) },
}

func versionKey(id string, n int64) string { return id + ":" + leading(n) }

// leading writes a number so that texts sort as numbers do.
func leading(n int64) string {
	text := strconv.FormatInt(n, 10)
	return "0000000000"[:10-min(10, len(text))] + text
}

// moment writes a time so that texts sort as times do.
func moment(t time.Time) string { return t.UTC().Format("20060102T150405.000000000") }

// find returns an association, or the API's error.
func find(tx *store.Tx, scope store.Scope, id string) (*association, error) {
	a, err := associations.Get(tx, scope, id)
	if missing(err) {
		return nil, doesNotExist()
	}
	return a, err
}

// findLegacy returns the association in the old form of a document with a
// node.
func findLegacy(tx *store.Tx, scope store.Scope, document, instance string) (*association, error) {
	own, err := associations.By(tx, scope, "instance", instance, store.Page{})
	if err != nil {
		return nil, err
	}
	for _, a := range own {
		if a.Document == document {
			return a, nil
		}
	}
	return nil, doesNotExist()
}

// named finds what a request means: an id, or a document and a node.
func (s *Service) named(tx *store.Tx, scope store.Scope, id, document, instance *string) (*association, error) {
	switch {
	case id != nil && *id != "":
		return find(tx, scope, *id)
	case document == nil || instance == nil:
		return nil, invalid("Specify either AssociationId, or Name and InstanceId.")
	}
	node, ok, err := s.ports.Nodes.Resolve(tx, scope, *instance)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, noInstance(*instance)
	}
	return findLegacy(tx, scope, *document, node.ID)
}

// targets are the targets that say which nodes it is bound to.
func (a *association) targets() []Target {
	if a.InstanceID != "" {
		return []Target{{Key: "InstanceIds", Values: []string{a.InstanceID}}}
	}
	return a.Targets
}

// put stores a new version of an association, together with its history.
func (a *association) put(tx *store.Tx, scope store.Scope, now time.Time) error {
	a.Updated = now
	if err := versions.Put(tx, scope, &version{Association: a.ID, Number: a.Version, Created: now, settings: a.settings}); err != nil {
		return err
	}
	return associations.Put(tx, scope, a)
}

// same tells whether two associations would do the same to the same nodes.
func (a *association) same(b *association) bool {
	return a.Document == b.Document && a.DocumentVersion == b.DocumentVersion && a.InstanceID == b.InstanceID && a.Schedule == b.Schedule &&
		maps.EqualFunc(a.Parameters, b.Parameters, equal) && equalTargets(a.Targets, b.Targets)
}

func associationARN(scope store.Scope, id string) string {
	return arn.New("ssm", scope.Region, scope.Account, "association/"+id).String()
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }

func doesNotExist() error {
	return &types.AssociationDoesNotExist{Message: new("The specified association doesn't exist.")}
}

func noInstance(id string) error {
	return &types.InvalidInstanceId{Message: new("The managed node " + id + " isn't valid, or isn't registered in this account and Region.")}
}
