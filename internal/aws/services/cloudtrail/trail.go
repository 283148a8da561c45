package cloudtrail

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// trail is the stored form of a trail: what is delivered, and to where.
type trail struct {
	Name         string
	Account      string
	Region       string // its home Region
	Bucket       string
	Prefix       string            `json:",omitempty"`
	MultiRegion  bool              `json:",omitempty"`
	GlobalEvents bool              `json:",omitempty"`
	Validation   bool              `json:",omitempty"` // digest files
	Tags         map[string]string `json:",omitempty"`
	Selectors    []selector        `json:",omitempty"` // basic ones; at most one kind is there
	Advanced     []advanced        `json:",omitempty"`
	Logging      bool              `json:",omitempty"`
	Started      time.Time         `json:",omitzero"`
	Stopped      time.Time         `json:",omitzero"`
}

// trails are those of an account, under the home Region and the name, for
// those that log all Regions are seen in each.
var trails = store.Table[trail]{
	Name:  "cloudtrail.trails",
	Reach: store.Account,
	Key:   func(t *trail) string { return trailKey(t.Region, t.Name) },
}

func trailKey(region, name string) string { return region + "/" + name }

func (t *trail) key() string { return trailKey(t.Region, t.Name) }

// ARN names the trail in its home Region.
func (t *trail) ARN() arn.ARN { return trailARN(t.Region, t.Account, t.Name) }

func trailARN(region, account, name string) arn.ARN {
	return arn.New("cloudtrail", region, account, "trail/"+name)
}

// seenIn tells whether a Region shows the trail: its home, and every other one
// a shadow of a trail that logs all Regions.
func (t *trail) seenIn(region string) bool { return t.Region == region || t.MultiRegion }

// start begins the recording of what is written behind a place of the journal.
func (t *trail) start(d *delivery, at time.Time, place int64) {
	if t.Logging {
		return
	}
	t.Logging, t.Started = true, at
	d.open(at, place)
	if t.Validation {
		d.begin(t.Region, at)
	}
}

// stop ends it with the record at a place.
func (t *trail) stop(d *delivery, at time.Time, place int64) {
	if !t.Logging {
		return
	}
	t.Logging, t.Stopped = false, at
	d.shut(place)
}

func (t *trail) shown() types.Trail {
	out := types.Trail{
		Name: aws.String(t.Name), S3BucketName: aws.String(t.Bucket), TrailARN: aws.String(t.ARN().String()),
		HomeRegion: aws.String(t.Region), IsMultiRegionTrail: aws.Bool(t.MultiRegion), IsOrganizationTrail: aws.Bool(false),
		IncludeGlobalServiceEvents: aws.Bool(t.GlobalEvents), LogFileValidationEnabled: aws.Bool(t.Validation),
		HasCustomEventSelectors: aws.Bool(len(t.Selectors)+len(t.Advanced) > 0), HasInsightSelectors: aws.Bool(false),
	}
	if t.Prefix != "" {
		out.S3KeyPrefix = aws.String(t.Prefix)
	}
	return out
}

// reference is a trail as a caller names it.
type reference struct {
	account, region, name string
	given                 string
	byARN                 bool
}

// refer reads the name or ARN of a trail.
func refer(call *api.Call, given string) (reference, error) {
	r := reference{account: call.Account, region: call.Region, name: given, given: given}
	if strings.HasPrefix(given, "arn:") {
		a, err := arn.Parse(given)
		name, ok := strings.CutPrefix(a.Resource, "trail/")
		if err != nil || !ok || a.Service != "cloudtrail" || a.Region == "" || !isAccount(a.Account) {
			return r, &types.CloudTrailARNInvalidException{Message: aws.String("The ARN " + given + " is not valid. The format of a trail ARN is arn:aws:cloudtrail:us-east-2:123456789012:trail/MyTrail")}
		}
		r = reference{account: a.Account, region: a.Region, name: name, given: given, byARN: true}
	}
	return r, checkName(r.name)
}

// find returns the trail that is meant, in its home Region or as a shadow.
func (r reference) find(tx *store.Tx) (*trail, error) {
	sc := store.Scope{Account: r.account}
	t, err := trails.Get(tx, sc, trailKey(r.region, r.name))
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return t, err
	}
	if !r.byARN {
		list, err := trails.List(tx, sc, store.Page{})
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(list, func(t *trail) bool { return t.Name == r.name && t.MultiRegion }); i >= 0 {
			return list[i], nil
		}
	}
	return nil, &types.TrailNotFoundException{Message: aws.String(fmt.Sprintf("Unknown trail: %s for the user: %s", r.given, r.account))}
}

// home is find for the operations that only the home Region takes.
func (r reference) home(tx *store.Tx, call *api.Call) (*trail, error) {
	t, err := r.find(tx)
	if err == nil && t.Region != call.Region {
		return nil, &types.InvalidHomeRegionException{Message: aws.String(fmt.Sprintf("The trail %s was created in the Region %s; the operation must be called from there.", t.Name, t.Region))}
	}
	return t, err
}

// visible lists the trails that a Region shows, by name.
func visible(tx *store.Tx, account, region string) ([]*trail, error) {
	list, err := trails.List(tx, store.Scope{Account: account}, store.Page{})
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(t *trail) bool { return !t.seenIn(region) })
	slices.SortStableFunc(list, func(a, b *trail) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}
