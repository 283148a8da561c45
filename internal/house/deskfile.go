package house

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"tamachi/internal/arn"
	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// Desk is what a plane needs to serve the desk of the user who runs it: the
// world of the duties, and the actions of them all.
type Desk struct {
	World   account.World
	Actions plan.Actions
	Answers http.Handler // where people answer who have a link; nil serves none
	// Keep sends, until its context ends, what people were to be told and could not
	// be; nil leaves that to others.
	Keep func(context.Context)
}

// answersPath is where the plane has them: answers.url of the desk's settings is
// the plane's address and this.
const answersPath = "/_tamachi/answers"

// deskFile shows callers what the desk keeps, and applies plans for them.
type deskFile struct {
	h *House
	Desk
	jobs   chan job
	duties chan struct{} // one for each at work

	mu      sync.Mutex
	applied map[string][]string // guarded by mu: the plans at work, with what each step that is waited for is seen as
	table   priced              // guarded by mu: the prices that were read last
}

var (
	_ room.Plans    = (*deskFile)(nil)
	_ room.Requests = (*deskFile)(nil)
	_ room.Duties   = (*deskFile)(nil)
	_ room.Calendar = (*deskFile)(nil)
	_ room.Costs    = (*deskFile)(nil)
	_ room.Images   = (*deskFile)(nil)
)

// deskPorts are empty for a plane that serves no desk.
func (h *House) deskPorts() (ports room.Ports, run func(context.Context) error) {
	if h.o.Desk == nil {
		return room.Ports{}, nil
	}
	f := &deskFile{h: h, Desk: *h.o.Desk, jobs: make(chan job, mostJobs), duties: make(chan struct{}, dutiesAtOnce), applied: map[string][]string{}}
	return room.Ports{Plans: f, Requests: f, Duties: f, Calendar: f, Costs: f, Images: f}, f.run
}

func (f *deskFile) shelf() (shelf.Shelf, error) { return shelf.In(f.World.Getenv) }

// hands is the account as a visitor sees it, with the credentials that they
// called with.
func (f *deskFile) hands(ctx context.Context, v room.Visitor, region string) (*account.Account, error) {
	r := f.h.rooms
	key, err := keys{r.iam, r.sts, r.fleet.ssm, r.accounts}.Key(ctx, v.Key)
	if errors.Is(err, sigv4.ErrUnknownKey) {
		return nil, &room.Denial{Why: "Only who calls with an access key can be acted for."}
	}
	if err != nil {
		return nil, fmt.Errorf("find the key of a visitor: %w", err)
	}
	return account.New(aws.Config{
		Region: region, BaseEndpoint: aws.String(f.h.access.HTTP), RetryMaxAttempts: 4,
		HTTPClient:  account.Steady(awshttp.NewBuildableClient()),
		Credentials: credentials.NewStaticCredentialsProvider(v.Key, key.Secret, key.SessionToken),
	}), nil
}

// here tells whether an endpoint is this plane: its port, on this host or by one
// of its names.
func (f *deskFile) here(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return false
	}
	for _, own := range []string{f.h.access.HTTP, f.h.access.HTTPS, f.h.o.Config.URL} {
		o, err := url.Parse(own)
		if err != nil || own == "" || o.Port() != u.Port() {
			continue
		}
		if strings.EqualFold(o.Hostname(), u.Hostname()) || loops(u.Hostname()) {
			return true
		}
	}
	return false
}

// loops tells of a name or address by which a host reaches itself.
func loops(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// sees tells whether a plan is of the visitor's account on this plane.
func (f *deskFile) sees(v room.Visitor, p *plan.Plan) bool {
	theirs := false
	for _, at := range p.Places {
		if !f.here(at.Endpoint) {
			return false
		}
		theirs = theirs || at.Account == v.Account
	}
	return theirs
}

// asks tells whether somebody of the visitor's account asks.
func asks(v room.Visitor, by string) bool {
	a, err := arn.Parse(by)
	return err == nil && a.Account == v.Account
}

func langOf(v room.Visitor) report.Lang {
	if v.Language == "ja" {
		return report.Japanese
	}
	return report.English
}

// say chooses one of two sentences by the visitor's language.
func say(v room.Visitor, en, ja string) string {
	if langOf(v) == report.Japanese {
		return ja
	}
	return en
}
