package directoryservice

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// record is a directory.
type record struct {
	ID           string        `json:"id"`
	Name         string        `json:"name"`
	ShortName    string        `json:"shortName"`
	Type         string        `json:"type,omitempty"` // empty is SimpleAD, the first that there was
	Edition      string        `json:"edition,omitempty"`
	Alias        string        `json:"alias,omitempty"`
	Closed       bool          `json:"closed,omitempty"` // Directory Service Data is disabled for it
	SID          string        `json:"sid"`
	Description  string        `json:"description,omitempty"`
	Size         string        `json:"size"`
	VPCID        string        `json:"vpcId,omitempty"`
	SubnetIDs    []string      `json:"subnetIds,omitempty"`
	Zones        []string      `json:"zones,omitempty"` // of the subnets; none where those were never looked at
	Tags         []tag         `json:"tags,omitempty"`
	Connect      *connect      `json:"connect,omitempty"` // of an AD Connector
	Radius       *radius       `json:"radius,omitempty"`
	LDAPS        *ldaps        `json:"ldaps,omitempty"`
	Certificates []certificate `json:"certificates,omitempty"`
	NeedsFactor  bool          `json:"needsFactor,omitempty"` // nobody signs in without an authenticator app
	Stage        string        `json:"stage"`
	StageReason  string        `json:"stageReason,omitempty"`
	StageSince   time.Time     `json:"stageSince"`
	Created      time.Time     `json:"created"`
}

// tag is a tag, in the order in which tags were given.
type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

var directories = store.Table[record]{
	Name:  "directoryservice.directories",
	Reach: store.Regional,
	Key:   func(r *record) string { return r.ID },
	Indexes: map[string]func(*record) string{
		"id":    func(r *record) string { return r.ID },
		"alias": func(r *record) string { return strings.ToLower(r.Alias) },
	},
}

// kind is which kind of directory it is.
func (r *record) kind() types.DirectoryType {
	if r.Type == "" {
		return types.DirectoryTypeSimpleAd
	}
	return types.DirectoryType(r.Type)
}

// alias is how the directory is called in addresses: one without an alias has
// its id for one.
func (r *record) alias() string {
	if r.Alias == "" {
		return r.ID
	}
	return r.Alias
}

// domain is what the directory server needs to know of a directory.
func (r *record) domain() directory.Domain {
	return directory.Domain{ID: r.ID, Name: r.Name, ShortName: r.ShortName, SID: r.SID}
}

func (r *record) tags() map[string]string {
	out := make(map[string]string, len(r.Tags))
	for _, t := range r.Tags {
		out[t.Key] = t.Value
	}
	return out
}

// find returns a directory of a scope, directory.ErrNoDirectory if there is
// none of that id.
func find(tx *store.Tx, sc store.Scope, directoryID string) (*record, error) {
	r, err := directories.Get(tx, sc, directoryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("directory %s: %w", directoryID, directory.ErrNoDirectory)
	}
	return r, err
}

func resource(call *api.Call, directoryID string) arn.ARN {
	return arn.New("ds", call.Region, call.Account, "directory/"+directoryID)
}

func missing(call *api.Call, directoryID string) error {
	return &types.EntityDoesNotExistException{
		Message: say("Directory %s does not exist", directoryID), RequestId: &call.RequestID,
	}
}

func badParameter(call *api.Call, format string, args ...any) error {
	return &types.InvalidParameterException{Message: say(format, args...), RequestId: &call.RequestID}
}

// say makes an error's text.
func say(format string, args ...any) *string {
	text := fmt.Sprintf(format, args...)
	return &text
}
