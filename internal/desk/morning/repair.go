package morning

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Replacement is a desktop to terminate and one to create in its place.
type Replacement struct {
	Old     string  `json:"old"` // the desktop's id
	Request Request `json:"request"`
	// Gone is set where an earlier run has terminated the desktop already.
	Gone bool `json:"gone,omitempty"`
	// LastUsed is when a user was last connected; zero where never or unknown.
	LastUsed time.Time `json:"lastUsed,omitzero"`
}

// Refusal is a finding that the repair leaves alone.
type Refusal struct {
	Finding *Finding `json:"finding"`
}

// Repair is the plan of --fix: a value that is shown before anything changes.
type Repair struct {
	Replacements []Replacement `json:"replacements"`
	Refusals     []Refusal     `json:"refusals"`
	TagsUnread   bool          `json:"tagsUnread"`
	UsageUnread  bool          `json:"usageUnread"`
	Resumed      time.Time     `json:"resumed,omitzero"` // of an interrupted repair
}

// Tagged reads the tags of a desktop.
type Tagged interface {
	DescribeTags(context.Context, *workspaces.DescribeTagsInput, ...func(*workspaces.Options)) (*workspaces.DescribeTagsOutput, error)
}

// planRepair decides what --fix does: desktops whose cause is gone are
// replaced, and with anyway those of unknown cause too. It is pure.
func planRepair(p *Plan, f *Facts, anyway bool) *Repair {
	r := &Repair{Replacements: []Replacement{}, Refusals: []Refusal{}, UsageUnread: f.Connected == nil}
	for i := range p.Findings {
		finding := &p.Findings[i]
		switch {
		case finding.Kind == RepairInterrupted && !r.onlyResumes(f):
			r.resume(f, finding)
		case finding.Kind != InError || r.onlyResumes(f):
		case finding.remedy() == recreate, anyway && finding.remedy() == findCause:
			for _, d := range finding.Desktops {
				r.Replacements = append(r.Replacements, Replacement{Old: d.ID, Request: d.Request, LastUsed: f.Connected[d.ID].Last})
			}
		default:
			r.Refusals = append(r.Refusals, Refusal{finding})
		}
	}
	if r.onlyResumes(f) {
		r.Resumed, r.Replacements = f.Journal.Begun, append(r.Replacements, f.Journal.Items...)
	}
	slices.SortFunc(r.Replacements, func(a, b Replacement) int {
		return cmp.Or(cmp.Compare(a.Request.User, b.Request.User), cmp.Compare(a.Old, b.Old))
	})
	return r
}

// onlyResumes tells of a repair that was broken off: it is gone on with first,
// and what else there is to do is for the next one.
func (*Repair) onlyResumes(f *Facts) bool { return f.Journal != nil && !f.Journal.Ended }

func (r *Repair) resume(f *Facts, finding *Finding) {
	r.Resumed = f.Journal.Begun
	for _, item := range f.Journal.Items {
		if slices.Contains(finding.Targets, Target{item.Request.Directory, item.Request.User}) {
			item.Gone = true
			r.Replacements = append(r.Replacements, item)
		}
	}
}

// ReadTags completes the plan with the tags that the new desktops keep.
func (r *Repair) ReadTags(ctx context.Context, api Tagged) error {
	for i := range r.Replacements {
		item := &r.Replacements[i]
		if item.Gone || !r.Resumed.IsZero() {
			continue // the plan has them
		}
		out, err := api.DescribeTags(ctx, &workspaces.DescribeTagsInput{ResourceId: &item.Old})
		if err != nil {
			p := account.Explain("workspaces:DescribeTags", err)
			if p.Kind == account.Unknown {
				r.TagsUnread = true // this endpoint knows no tags, so none are lost
				return nil
			}
			return p
		}
		for _, t := range out.TagList {
			if item.Request.Tags == nil {
				item.Request.Tags = map[string]string{}
			}
			item.Request.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	return nil
}

// Write shows the plan: which desktops go, which come, what is lost.
func (r *Repair) Write(w io.Writer, p *Plan, lang report.Lang, zone *time.Location) error {
	g := &page{lang: lang, zone: zone, plan: p}
	if !r.Resumed.IsZero() {
		g.line("", g.say(text.Resumes, "time", g.clock(r.Resumed)))
	}
	for _, refusal := range r.Refusals {
		_, next := g.remedy(refusal.Finding)
		g.line("", g.say(text.LeftAlone, "n", len(refusal.Finding.Desktops), "users", g.users(refusal.Finding.Desktops), "next", next))
	}
	if len(r.Replacements) == 0 {
		g.line("", g.say(text.NothingToFix))
		_, err := io.WriteString(w, g.out.String())
		return err
	}
	g.line("", g.say(text.PlanIs, "terminate", r.terminates(), "create", len(r.Replacements)))
	t := report.Table{Header: []string{
		g.say(text.ColumnUser), g.say(text.ColumnOld), g.say(text.ColumnDirectory), g.say(text.ColumnBundle),
		g.say(text.ColumnMode), g.say(text.ColumnUsed), g.say(text.ColumnTags),
	}}
	for _, item := range r.Replacements {
		t.Rows = append(t.Rows, g.row(item, r.UsageUnread))
	}
	if err := t.Write(&g.out, "  "); err != nil {
		return err
	}
	if r.terminates() > 0 {
		g.line("", g.say(text.VolumesLost, "n", r.terminates()))
	}
	if r.TagsUnread {
		g.line("", g.say(text.TagsUnread))
	}
	_, err := io.WriteString(w, g.out.String())
	return err
}

func (r *Repair) terminates() int {
	n := 0
	for _, item := range r.Replacements {
		if !item.Gone {
			n++
		}
	}
	return n
}

func (g *page) row(item Replacement, usageUnread bool) []string {
	q := item.Request
	old := item.Old
	if item.Gone {
		old = g.say(text.AlreadyGone, "id", old)
	}
	used := g.say(text.NeverUsed)
	switch {
	case !item.LastUsed.IsZero():
		used = g.clock(item.LastUsed)
	case usageUnread, item.Gone:
		used = "?"
	}
	var tags []string
	for k, v := range q.Tags {
		tags = append(tags, fmt.Sprintf("%s=%s", k, v))
	}
	slices.Sort(tags)
	mode := q.RunningMode
	if q.ComputeType != "" {
		mode += " " + q.ComputeType
	}
	return []string{q.User, old, q.Directory, q.Bundle, mode, used, cmp.Or(strings.Join(tags, ","), "-")}
}
