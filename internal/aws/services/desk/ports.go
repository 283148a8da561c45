package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// Ports is what the room asks of the house; nil is a plane that serves no desk.
type Ports struct {
	Plans    Plans
	Requests Requests
	Duties   Duties
	Calendar Calendar
	Costs    Costs
	Images   Images
}

// Visitor is who asks the desk.
type Visitor struct {
	Account, Region string
	ARN             string
	Key             string // access key id
	Language        string // ja or en
}

func visitor(c *api.Call, language *string) Visitor {
	v := Visitor{Account: c.Account, Region: c.Region, ARN: c.Caller.ARN, Key: c.Caller.AccessKeyID, Language: value(language)}
	if v.Language == "" {
		v.Language = "en"
	}
	return v
}

// Plans keeps the plans of duties. Errors for callers are *Unknown and *Refusal.
type Plans interface {
	// Plans returns those that a visitor may see, the newest first.
	Plans(ctx context.Context, v Visitor) ([]Plan, error)
	// Plan returns one with all its steps.
	Plan(ctx context.Context, v Visitor, id string) (*PlanDetail, error)
	// Apply begins to apply one, or goes on, with the visitor's credentials; that
	// it was asked for is on disk when it returns.
	Apply(ctx context.Context, v Visitor, id string) error
}

// Requests keeps what waits for somebody's agreement. Errors for callers are
// *Unknown, *Refusal and *Denial.
type Requests interface {
	// Person is who a visitor is to the desk, "" where the settings do not say.
	Person(v Visitor) (string, error)
	// Requests returns those that a visitor may see, the newest first.
	Requests(ctx context.Context, v Visitor) ([]Request, error)
	// Request returns one of them.
	Request(ctx context.Context, v Visitor, id string) (*Request, error)
	// Decide counts a visitor's vote.
	Decide(ctx context.Context, v Visitor, id string, agree bool, reason string) (*Request, error)
}

// Duties does what the desk does, for a visitor. Errors for callers are as those
// of Requests, and *Mistake.
type Duties interface {
	Duty(ctx context.Context, v Visitor, asked Asked) (*DutyReport, error)
}

// Calendar knows when work on desktops is to be expected, the soonest first.
// Errors for callers are as those of Requests.
type Calendar interface {
	Maintenance(ctx context.Context, v Visitor) ([]Maintenance, error)
}

// Costs knows what desktops cost. system is of those that do not tell theirs, ""
// where nobody says it. Errors for callers are as those of Requests.
type Costs interface {
	Costs(ctx context.Context, v Visitor, system string) (*CostSummary, error)
}

// Images knows desktops' images. Errors for callers are as those of Requests.
type Images interface {
	// ImageSeats returns which image each desktop is on, by image.
	ImageSeats(ctx context.Context, v Visitor) ([]ImageSeat, error)
	// CheckImage holds an image against the acceptance list.
	CheckImage(ctx context.Context, v Visitor, image, master string) (*ImageCheck, error)
}

// Unknown is an error about something that is not there, or not the visitor's.
type Unknown struct{ What string }

// Error says what is not there.
func (u *Unknown) Error() string { return u.What }

// Refusal is an error about something that cannot be done now.
type Refusal struct{ Why string }

// Error says why.
func (r *Refusal) Error() string { return r.Why }

// Denial is an error about something that this visitor may not do.
type Denial struct{ Why string }

// Error says why.
func (d *Denial) Error() string { return d.Why }

// Mistake is an error about what was asked for.
type Mistake struct{ What string }

// Error says what is wrong with it.
func (m *Mistake) Error() string { return m.What }
