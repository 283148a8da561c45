package compliance

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// record is what is known of one resource in one compliance type.
type record struct {
	Node  string
	Kind  string // Association, Patch, Custom:...
	Hash  string `json:",omitempty"`
	Last  execution
	Items []item
}

// execution is what brought an item.
type execution struct {
	At       time.Time
	ID, Type string `json:",omitempty"`
}

// item is one rule and whether it is met.
type item struct {
	ID       string            `json:",omitempty"`
	Title    string            `json:",omitempty"`
	Severity string            // CRITICAL ... UNSPECIFIED
	Status   string            // COMPLIANT or NON_COMPLIANT
	Details  map[string]string `json:",omitempty"`
	By       execution
}

var records = store.Table[record]{
	Name: "ssm.compliance", Reach: store.Regional,
	Key: func(r *record) string { return r.Node + "/" + r.Kind },
	Indexes: map[string]func(*record) string{
		"node": func(r *record) string { return r.Node },
		"kind": func(r *record) string { return r.Kind },
	},
}

// managedInstance is the one type of resource.
const managedInstance = "ManagedInstance"

// associationKind is the type of the items of State Manager.
const associationKind = "Association"

const (
	compliant    = string(types.ComplianceStatusCompliant)
	nonCompliant = string(types.ComplianceStatusNonCompliant)
)

// severities from the worst.
var severities = []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNSPECIFIED"}

// status is NON_COMPLIANT if one item is.
func (r *record) status() string {
	if slices.ContainsFunc(r.Items, func(i item) bool { return i.Status == nonCompliant }) {
		return nonCompliant
	}
	return compliant
}

// severity is that of the worst item among those that make the status.
func (r *record) severity() string {
	worst, status := len(severities)-1, r.status()
	for _, i := range r.Items {
		if at := slices.Index(severities, i.Severity); i.Status == status && at >= 0 {
			worst = min(worst, at)
		}
	}
	return severities[worst]
}

// count adds up severities.
type count struct {
	total int32
	by    map[string]int32
}

func (c *count) add(severity string) {
	if c.by == nil {
		c.by = map[string]int32{}
	}
	c.total++
	c.by[severity]++
}

func (c *count) summary() *types.SeveritySummary {
	return &types.SeveritySummary{
		CriticalCount: c.by["CRITICAL"], HighCount: c.by["HIGH"], MediumCount: c.by["MEDIUM"],
		LowCount: c.by["LOW"], InformationalCount: c.by["INFORMATIONAL"], UnspecifiedCount: c.by["UNSPECIFIED"],
	}
}

func (e execution) describe() *types.ComplianceExecutionSummary {
	out := &types.ComplianceExecutionSummary{ExecutionTime: &e.At}
	if e.ID != "" {
		out.ExecutionId = &e.ID
	}
	if e.Type != "" {
		out.ExecutionType = &e.Type
	}
	return out
}

// Item is a rule of a type that the house itself reports: Patch.
type Item struct {
	ID, Title, Severity string
	Compliant           bool
	Details             map[string]string
}

// Put replaces what is known of a node in a type, in the caller's transaction.
func (s *Service) Put(tx *store.Tx, scope store.Scope, node, kind string, at time.Time, id, by string, all []Item) error {
	r := &record{Node: node, Kind: kind, Last: execution{At: at, ID: id, Type: by}}
	for _, i := range all {
		status := nonCompliant
		if i.Compliant {
			status = compliant
		}
		r.Items = append(r.Items, item{ID: i.ID, Title: i.Title, Severity: cmp.Or(i.Severity, "UNSPECIFIED"), Status: status, Details: i.Details, By: r.Last})
	}
	slices.SortStableFunc(r.Items, func(a, b item) int { return strings.Compare(a.ID, b.ID) })
	return records.Put(tx, scope, r)
}

// scanned marks an item of an association that a scan of patches reported.
const scanned = "PatchBaselineId"

// PutAssociation replaces what is known of one association of a node: a scan of
// patches says whether the node complies, which the end of the run does not.
func (s *Service) PutAssociation(tx *store.Tx, scope store.Scope, node, association string, at time.Time, verdict Item) error {
	r := &record{Node: node, Kind: associationKind}
	old, err := records.Get(tx, scope, records.Key(r))
	if err != nil && !missing(err) {
		return err
	}
	if old != nil {
		r = old
	}
	r.Last, r.Hash = execution{At: at}, ""
	i := item{ID: association, Title: verdict.Title, Severity: "UNSPECIFIED", Status: nonCompliant, Details: verdict.Details, By: r.Last}
	if verdict.Compliant {
		i.Status = compliant
	}
	for _, known := range r.Items {
		if known.ID == association {
			i.Title, i.Severity = cmp.Or(i.Title, known.Title), known.Severity
		}
	}
	return records.Put(tx, scope, r.with(&record{Last: r.Last, Items: []item{i}}))
}

// scans keeps what scans of patches said of associations whose runs succeeded:
// agents report all associations at every run of one.
func (r *record) scans(old *record) *record {
	if r.Kind != associationKind {
		return r
	}
	for n, i := range r.Items {
		at := slices.IndexFunc(old.Items, func(o item) bool { return o.ID == i.ID && o.Details[scanned] != "" })
		if at >= 0 && i.Status == compliant {
			r.Items[n].Status, r.Items[n].Details = old.Items[at].Status, old.Items[at].Details
		}
	}
	return r
}
