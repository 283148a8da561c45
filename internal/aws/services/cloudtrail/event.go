package cloudtrail

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// event is the stored form of a management event. Its key begins with its
// time, so that the byte order of keys is the order of time.
type event struct {
	Key          string
	ID           string
	Time         time.Time
	Source       string
	Name         string
	ReadOnly     bool
	Type         string
	UserARN      string
	UserID       string
	Username     string
	AccessKeyID  string
	Issuer       string
	Service      string
	SourceIP     string
	UserAgent    string
	RequestID    string
	ErrorCode    string
	ErrorMessage string
	Request      json.RawMessage
	Response     json.RawMessage
	Resources    []string
}

var events = store.Table[event]{
	Name:  "cloudtrail.events",
	Reach: store.Regional,
	Key:   func(e *event) string { return e.Key },
	Indexes: map[string]func(*event) string{
		"EventId":     func(e *event) string { return e.ID },
		"EventName":   func(e *event) string { return e.Name },
		"ReadOnly":    func(e *event) string { return strconv.FormatBool(e.ReadOnly) },
		"Username":    func(e *event) string { return e.Username },
		"EventSource": func(e *event) string { return e.Source },
		"AccessKeyId": func(e *event) string { return e.AccessKeyID },
	},
}

// mention says that an event is about a resource.
type mention struct {
	Event    string // key of the event
	Resource string // ARN
	Name     string // as LookupEvents shows it
	Type     string
}

var mentions = store.Table[mention]{
	Name:  "cloudtrail.mentions",
	Reach: store.Regional,
	Key:   func(m *mention) string { return m.Event + " " + m.Resource },
	Indexes: map[string]func(*mention) string{
		"ResourceName": func(m *mention) string { return m.Name },
		"ResourceType": func(m *mention) string { return m.Type },
	},
}

// timeKey orders events by time; it has 13 digits until the year 2286.
func timeKey(t time.Time) string { return fmt.Sprintf("%013d", t.UnixMilli()) }

func issuerOf(c api.Caller) string {
	if c.Session == nil {
		return ""
	}
	return c.Session.IssuerARN
}

func stored(e *api.Event) *event {
	return &event{
		Key: timeKey(e.Time) + "-" + e.ID, ID: e.ID, Time: e.Time, Source: e.Source, Name: e.Name, ReadOnly: e.ReadOnly,
		Type: string(e.Caller.Type), UserARN: e.Caller.ARN, UserID: e.Caller.UserID, Username: e.Caller.Name,
		AccessKeyID: e.Caller.AccessKeyID, Issuer: issuerOf(e.Caller), Service: e.Caller.Service,
		SourceIP: e.SourceIP, UserAgent: cut(e.UserAgent), RequestID: e.RequestID,
		ErrorCode: e.ErrorCode, ErrorMessage: cut(e.ErrorMessage),
		Request: fit(e.Request), Response: fit(e.Response), Resources: named(e.Resources),
	}
}

// put writes an event and what it mentions.
func put(tx *store.Tx, e *api.Event) error {
	sc := store.Scope{Account: e.Account, Region: e.Region}
	rec := stored(e)
	if err := events.Put(tx, sc, rec); err != nil {
		return fmt.Errorf("write the trail record of %s: %w", e.Name, err)
	}
	for _, r := range rec.Resources {
		name, kind := resource(r)
		m := &mention{Event: rec.Key, Resource: r, Name: name, Type: kind}
		if err := mentions.Put(tx, sc, m); err != nil {
			return fmt.Errorf("write a resource of %s: %w", e.Name, err)
		}
	}
	return nil
}

// named makes resources fit to be kept.
func named(resources []string) []string {
	var out []string
	for _, r := range resources {
		out = append(out, cut(keyable(r)))
	}
	return out
}

// keyable makes a resource's name fit for a key of the store: a caller may have
// named anything, and the record of a refusal is kept all the same.
func keyable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// resourceTypes names the CloudFormation types that the trail shows, by the
// service and the kind of resource in the ARN.
var resourceTypes = map[string]string{
	"workspaces:workspace":       "AWS::WorkSpaces::Workspace",
	"workspaces:workspacebundle": "AWS::WorkSpaces::Bundle",
	"workspaces:directory":       "AWS::WorkSpaces::Directory",
	"ds:directory":               "AWS::DirectoryService::Directory",
	"ssm:managed-instance":       "AWS::SSM::ManagedInstance",
	"ssm:document":               "AWS::SSM::Document",
	"sts:federated-user":         "AWS::STS::FederatedUser",
	"iam:role":                   "AWS::IAM::Role",
}

// resource returns the short name and the type of the resource of an ARN.
func resource(arnText string) (name, kind string) {
	parts := strings.SplitN(arnText, ":", 6)
	if len(parts) < 6 {
		return arnText, ""
	}
	what, name, found := strings.Cut(parts[5], "/")
	if !found {
		return parts[5], ""
	}
	return name, resourceTypes[parts[2]+":"+what]
}
