package sessionmanager

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/parameter"
	"tamachi/internal/store"
)

// preferences is the document that says how sessions are unless another is
// named. Source: Systems Manager User Guide, "Create a Session Manager
// preferences document (command line)".
const preferences = "SSM-SessionManagerRunShell"

// document is a Session document. Source: Systems Manager User Guide, "Session
// document schema".
type document struct {
	Name        string          `json:"-"`
	Description string          `json:"description"`
	SessionType string          `json:"sessionType"`
	Inputs      *inputs         `json:"inputs"`
	Parameters  parameter.Set   `json:"parameters"`
	Properties  json.RawMessage `json:"properties"`
}

type inputs struct {
	Bucket        string       `json:"s3BucketName"`
	Prefix        string       `json:"s3KeyPrefix"`
	BucketSealed  flag         `json:"s3EncryptionEnabled"`
	Group         string       `json:"cloudWatchLogGroupName"`
	GroupSealed   flag         `json:"cloudWatchEncryptionEnabled"`
	Streaming     flag         `json:"cloudWatchStreamingEnabled"`
	Key           string       `json:"kmsKeyId"`
	RunAs         flag         `json:"runAsEnabled"`
	RunAsUser     string       `json:"runAsDefaultUser"`
	IdleMinutes   string       `json:"idleSessionTimeout"`
	LongestMinute string       `json:"maxSessionDuration"`
	Profile       shellProfile `json:"shellProfile"`
}

type shellProfile struct {
	Windows string `json:"windows"`
	Linux   string `json:"linux"`
}

// flag is a truth value that documents write as such or as text.
type flag bool

// UnmarshalJSON reads either; anything else is false.
func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag(strings.EqualFold(strings.Trim(string(b), `"`), "true"))
	return nil
}

// read finds the document of a session. What it leaves out of its preferences
// comes from the account's own.
func (s *Service) read(tx *store.Tx, scope store.Scope, name string) (*document, error) {
	own, err := s.named(tx, scope, preferences)
	if none := (*types.InvalidDocument)(nil); errors.As(err, &none) {
		own, err = &document{Name: preferences, SessionType: "Standard_Stream"}, nil
	}
	if err != nil {
		return nil, err
	}
	if own.Inputs == nil {
		own.Inputs = &inputs{}
	}
	if name == "" || name == preferences {
		return own, nil
	}
	d, err := s.named(tx, scope, name)
	if err != nil {
		return nil, err
	}
	if d.Inputs == nil {
		d.Inputs = own.Inputs
	}
	return d, nil
}

func (s *Service) named(tx *store.Tx, scope store.Scope, name string) (*document, error) {
	found, err := s.ports.Documents.Document(tx, scope, name, nil)
	if err != nil {
		return nil, err
	}
	if found.Type != "Session" {
		return nil, &types.InvalidDocument{Message: text("Document type: '" + found.Type + "' is not supported. Only type: 'Session' is supported in Session Manager.")}
	}
	d := &document{Name: found.Name}
	if err := json.Unmarshal(found.JSON, d); err != nil {
		return nil, &types.InvalidDocument{Message: text("The document " + found.Name + " can't be read as a Session document.")}
	}
	return d, nil
}

// check holds given parameters against the document's.
func (d *document) check(given map[string][]string) error {
	if why := d.Parameters.Check(d.Name, given); why != "" {
		return invalid(why)
	}
	return nil
}

// minutes reads a number of minutes, else answers with the usual one.
func minutes(written string, least, most, usual int) int {
	n, err := strconv.Atoi(strings.TrimSpace(written))
	if err != nil || n < least || n > most {
		return usual
	}
	return n
}
