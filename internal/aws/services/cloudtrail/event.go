package cloudtrail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// event is the stored form of a management event: what LookupEvents shows of
// it, and the record as CloudTrail writes it.
type event struct {
	ID          string
	Time        time.Time
	Source      string
	Name        string
	ReadOnly    bool            `json:",omitempty"`
	Username    string          `json:",omitempty"`
	AccessKeyID string          `json:",omitempty"`
	Failed      bool            `json:",omitempty"`
	Resources   []mentioned     `json:",omitempty"`
	Record      json.RawMessage // CloudTrail's record format

	gap int // where responseElements stands in Record, when it is null
}

// mentioned is a resource that an event is about, as LookupEvents shows it.
type mentioned struct {
	Name string
	Type string `json:",omitempty"`
}

var journal = store.Journal[event]{
	Name:  "cloudtrail.journal",
	ID:    func(e *event) string { return e.ID },
	At:    func(e *event) time.Time { return e.Time },
	Terms: terms,
	Text:  func(e *event) ([]byte, error) { return e.text(), nil },
}

// text is the event as encoding/json writes it, but quicker: by hand.
func (e *event) text() []byte {
	o := object{make([]byte, 0, 512+len(e.Record))}
	o.text("ID", e.ID)
	o.text("Time", e.Time.Format(time.RFC3339Nano))
	o.text("Source", e.Source)
	o.text("Name", e.Name)
	if e.ReadOnly {
		o.truth("ReadOnly", true)
	}
	o.given("Username", e.Username)
	o.given("AccessKeyID", e.AccessKeyID)
	if e.Failed {
		o.truth("Failed", true)
	}
	if len(e.Resources) > 0 {
		o.name("Resources")
		o.b = append(o.b, '[')
		for i, r := range e.Resources {
			if i > 0 {
				o.b = append(o.b, ',')
			}
			o.begin()
			o.text("Name", r.Name)
			o.given("Type", r.Type)
			o.end()
		}
		o.b = append(o.b, ']')
	}
	o.name("Record")
	o.b = append(o.b, e.Record...) // made by text, so it is JSON
	o.end()
	return o.b
}

// behind is how much of what text writes comes after the gap's null.
func (e *event) behind() int { return len("}") + len(e.Record) - e.gap - len(null) }

// terms are what an event is found by. Its id is no term when it tells the
// time, for then the time finds it.
func terms(e *event) []string {
	out := []string{
		"EventName=" + e.Name, "EventSource=" + e.Source, "ReadOnly=" + strconv.FormatBool(e.ReadOnly),
	}
	if e.Username != "" {
		out = append(out, "Username="+e.Username)
	}
	if e.AccessKeyID != "" {
		out = append(out, "AccessKeyId="+e.AccessKeyID)
	}
	for _, r := range e.Resources {
		out = append(out, "ResourceName="+r.Name)
		if r.Type != "" {
			out = append(out, "ResourceType="+r.Type)
		}
	}
	if at, ok := id.UUIDTime(e.ID); !ok || at.UnixMilli() != e.Time.UnixMilli() {
		out = append(out, "EventId="+e.ID)
	}
	return out
}

// entry is an event made ready to be written: the caller's record, then a copy
// for each other account whose resources it is about.
type entry struct {
	event *api.Event
	lines []store.Line
	gaps  []int // where each line's responseElements stands, counted from the end of its null
}

func ready(e *api.Event) (entry, error) {
	owners := append([]string{e.Account}, others(e)...)
	out := entry{event: e, lines: make([]store.Line, len(owners)), gaps: make([]int, len(owners))}
	for i, owner := range owners {
		rec, region := stored(e, owner, len(owners) > 1)
		line, err := journal.Line(store.In(owner, region), rec)
		if err != nil {
			return out, fmt.Errorf("make the trail record of %s: %w", e.Name, err)
		}
		out.lines[i], out.gaps[i] = line, rec.behind()
	}
	return out, nil
}

// answered is the entry of an event that was made without its response, now
// with it. Making the lines anew took 4 % of the CPU time of a PutParameter,
// inside the transaction.
func (n entry) answered(response json.RawMessage) entry {
	response = fit(discreet(n.event, responses, response))
	if len(response) == 0 || !json.Valid(response) || len(n.event.Response) > 0 {
		return n
	}
	lines := make([]store.Line, len(n.lines))
	for i, l := range n.lines {
		lines[i] = l.Splice(l.Len()-n.gaps[i]-len(null), len(null), response)
	}
	n.lines = lines
	return n
}

// write writes the event, and notes in it where, so that a second write
// replaces the first.
func (n entry) write(tx *store.Tx) error {
	places := make([]int64, len(n.lines))
	for i, line := range n.lines {
		place := int64(0)
		if i < len(n.event.Places) {
			place = n.event.Places[i]
		}
		var err error
		if places[i], err = journal.Write(tx, place, line); err != nil {
			return fmt.Errorf("write the trail record of %s: %w", n.event.Name, err)
		}
	}
	n.event.Places = places
	return nil
}

// others lists the accounts beside the caller's whose resources a successful
// call was about. They see it in their own trail.
// Source: CloudTrail User Guide, "CloudTrail record contents", sharedEventID.
func others(e *api.Event) []string {
	if e.ErrorCode != "" {
		return nil
	}
	var out []string
	for _, r := range e.Resources {
		a, err := arn.Parse(r)
		if err == nil && isAccount(a.Account) && a.Account != e.Account && !slices.Contains(out, a.Account) {
			out = append(out, a.Account)
		}
	}
	return out
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// globalRegion is where the events of services without Regions are recorded.
// Source: CloudTrail User Guide, "CloudTrail concepts", global service events.
const globalRegion = "us-east-1"

var globalSources = []string{"iam.amazonaws.com", "organizations.amazonaws.com"}

// regionOf is the Region in whose trail an event is.
func regionOf(e *api.Event) string {
	if slices.Contains(globalSources, e.Source) {
		return globalRegion
	}
	return e.Region
}

// stored makes what is kept of an event in the trail of an account. The copy of
// another account names the caller by account and id alone.
func stored(e *api.Event, owner string, shared bool) (*event, string) {
	region := regionOf(e)
	rec := &event{
		ID: e.ID, Time: e.Time, Source: e.Source, Name: e.Name, ReadOnly: e.ReadOnly,
		Username: keyable(e.Caller.Name), AccessKeyID: e.Caller.AccessKeyID, Failed: e.ErrorCode != "",
		Resources: mentions(e.Resources),
	}
	sharedID := ""
	if shared {
		sharedID = e.ID
	}
	who := userIdentity(e)
	if owner != e.Account {
		rec.ID = sibling(e.ID, owner)
		rec.Username, rec.AccessKeyID = "", ""
		who = identity{Type: string(api.AWSAccount), PrincipalID: e.Caller.UserID, AccountID: e.Caller.Account}
	}
	rec.Record, rec.gap = text(e, who, rec.ID, owner, region, sharedID)
	return rec, region
}

// sibling is the id of the copy of an event in another account: the same time,
// the account instead of the last twelve digits.
func sibling(eventID, owner string) string {
	if len(eventID) != 36 {
		return eventID + "-" + owner
	}
	return eventID[:24] + owner
}

// mentions are the resources of an event as LookupEvents shows them.
func mentions(arns []string) []mentioned {
	var out []mentioned
	for _, a := range arns {
		name, kind := resource(cut(keyable(a)))
		if m := (mentioned{name, kind}); !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// keyable makes a name fit to be searched for: a caller may have named
// anything, and the record of a refusal is kept all the same.
func keyable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
