package s3

import (
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// lifecycleRule is a rule as it is stored. Zero means that it says nothing.
type lifecycleRule struct {
	ID      string
	Enabled bool
	Form    string            // how the filter was written, to show it so again
	Prefix  string            `json:",omitempty"`
	Tags    map[string]string `json:",omitempty"`
	Greater *int64            `json:",omitempty"` // only objects larger than this
	Less    *int64            `json:",omitempty"` // only objects smaller than this

	Days           int32      `json:",omitempty"`
	Date           *time.Time `json:",omitempty"`
	LoneMarkers    *bool      `json:",omitempty"` // ExpiredObjectDeleteMarker
	NoncurrentDays int32      `json:",omitempty"`
	Newer          int32      `json:",omitempty"` // noncurrent versions that stay
	AbortDays      int32      `json:",omitempty"`
}

// The forms of a filter.
const (
	formLegacy  = "legacy" // Prefix of the rule itself
	formEmpty   = "empty"
	formPrefix  = "prefix"
	formTag     = "tag"
	formGreater = "greater"
	formLess    = "less"
	formAnd     = "and"
)

const maxRules = 1000

// readLifecycle reads a configuration. Source: Amazon S3 API Reference,
// "PutBucketLifecycleConfiguration"; Amazon S3 User Guide, "Lifecycle
// configuration elements".
func (s *Service) readLifecycle(rules []types.LifecycleRule) ([]lifecycleRule, error) {
	if len(rules) == 0 || len(rules) > maxRules {
		return nil, malformedXML()
	}
	out := make([]lifecycleRule, 0, len(rules))
	seen := map[string]bool{}
	for _, in := range rules {
		r, err := readRule(in)
		if err != nil {
			return nil, err
		}
		if r.ID == "" {
			r.ID = s.ids.Lower(48)
		}
		if seen[r.ID] {
			return nil, invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "ID", r.ID)
		}
		seen[r.ID] = true
		out = append(out, r)
	}
	return out, nil
}

func readRule(in types.LifecycleRule) (lifecycleRule, error) {
	r := lifecycleRule{ID: aws.ToString(in.ID), Enabled: in.Status == types.ExpirationStatusEnabled}
	switch {
	case len(r.ID) > 255:
		return r, invalidArgument("ID length should not exceed allowed limit of 255", "ID", r.ID)
	case in.Status != types.ExpirationStatusEnabled && in.Status != types.ExpirationStatusDisabled:
		return r, malformedXML()
	case len(in.Transitions) > 0 || len(in.NoncurrentVersionTransitions) > 0:
		return r, fault(statusNotImplemented, "NotImplemented", "Transitions need storage classes other than STANDARD, which this plane does not have; a rule can expire objects only")
	}
	if err := r.readFilter(in); err != nil {
		return r, err
	}
	if err := r.readExpiration(in.Expiration); err != nil {
		return r, err
	}
	if err := r.readNoncurrent(in.NoncurrentVersionExpiration); err != nil {
		return r, err
	}
	return r, r.readAbort(in)
}

func (r *lifecycleRule) readFilter(in types.LifecycleRule) error {
	f, legacy := in.Filter, in.Prefix //nolint:staticcheck // deprecated, and still sent by older clients
	if (f == nil) == (legacy == nil) {
		return malformedXML()
	}
	if f == nil {
		r.Form, r.Prefix = formLegacy, *legacy
		return nil
	}
	var tags []types.Tag
	forms := 0
	set := func(form string) { r.Form, forms = form, forms+1 }
	if f.Prefix != nil {
		set(formPrefix)
		r.Prefix = *f.Prefix
	}
	if f.Tag != nil {
		set(formTag)
		tags = []types.Tag{*f.Tag}
	}
	if f.ObjectSizeGreaterThan != nil {
		set(formGreater)
		r.Greater = f.ObjectSizeGreaterThan
	}
	if f.ObjectSizeLessThan != nil {
		set(formLess)
		r.Less = f.ObjectSizeLessThan
	}
	if a := f.And; a != nil {
		set(formAnd)
		r.Prefix, tags, r.Greater, r.Less = aws.ToString(a.Prefix), a.Tags, a.ObjectSizeGreaterThan, a.ObjectSizeLessThan
	}
	switch {
	case forms == 0:
		r.Form = formEmpty
	case forms > 1:
		return malformedXML()
	}
	return r.checkFilter(tags)
}

func (r *lifecycleRule) checkFilter(tags []types.Tag) (err error) {
	if len(tags) > 0 {
		if r.Tags, err = readTags(tags, maxObjectTags); err != nil {
			return err
		}
	}
	switch {
	case len(r.Prefix) > maxKey:
		return invalidRequest("The maximum size of a prefix is 1024.")
	case r.Greater != nil && *r.Greater < 0 || r.Less != nil && *r.Less < 1:
		return invalidRequest("'ObjectSizeGreaterThan' must not be negative and 'ObjectSizeLessThan' must be positive")
	case r.Greater != nil && r.Less != nil && *r.Greater >= *r.Less:
		return invalidRequest("'ObjectSizeLessThan' should be greater than 'ObjectSizeGreaterThan'")
	}
	return nil
}

func (r *lifecycleRule) readExpiration(e *types.LifecycleExpiration) error {
	if e == nil {
		return nil
	}
	said := 0
	if e.Days != nil {
		said++
		if r.Days = *e.Days; r.Days <= 0 {
			return invalidArgument("'Days' for Expiration action must be a positive integer", "Days", itoa(int64(r.Days)))
		}
	}
	if e.Date != nil {
		said++
		if t := e.Date.UTC(); !t.Equal(t.Truncate(24 * time.Hour)) {
			return invalidArgument("'Date' must be at midnight GMT", "Date", t.Format(time.RFC3339))
		}
		r.Date = e.Date
	}
	if e.ExpiredObjectDeleteMarker != nil {
		said++
		r.LoneMarkers = e.ExpiredObjectDeleteMarker
		if len(r.Tags) > 0 {
			return invalidRequest("ExpiredObjectDeleteMarker cannot be specified with tags.")
		}
	}
	if said != 1 {
		return malformedXML()
	}
	return nil
}

func (r *lifecycleRule) readNoncurrent(n *types.NoncurrentVersionExpiration) error {
	if n == nil {
		return nil
	}
	if n.NoncurrentDays == nil {
		return malformedXML()
	}
	if r.NoncurrentDays = *n.NoncurrentDays; r.NoncurrentDays <= 0 {
		return invalidArgument("'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer", "NoncurrentDays", itoa(int64(r.NoncurrentDays)))
	}
	if n.NewerNoncurrentVersions != nil {
		if r.Newer = *n.NewerNoncurrentVersions; r.Newer < 1 || r.Newer > 100 {
			return invalidArgument("'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be between 1 and 100", "NewerNoncurrentVersions", itoa(int64(r.Newer)))
		}
	}
	return nil
}

func (r *lifecycleRule) readAbort(in types.LifecycleRule) error {
	if a := in.AbortIncompleteMultipartUpload; a != nil {
		r.AbortDays = aws.ToInt32(a.DaysAfterInitiation)
		switch {
		case r.AbortDays <= 0:
			return invalidArgument("'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer", "DaysAfterInitiation", itoa(int64(r.AbortDays)))
		case len(r.Tags) > 0:
			return invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags.")
		case r.Greater != nil || r.Less != nil:
			return invalidRequest("AbortIncompleteMultipartUpload cannot be specified with object size.")
		}
	}
	if in.Expiration == nil && in.NoncurrentVersionExpiration == nil && in.AbortIncompleteMultipartUpload == nil {
		return invalidRequest("At least one action needs to be specified in a rule")
	}
	return nil
}

// shown is the rule as it was put.
func (r *lifecycleRule) shown() types.LifecycleRule {
	out := types.LifecycleRule{ID: aws.String(r.ID), Status: types.ExpirationStatusDisabled}
	if r.Enabled {
		out.Status = types.ExpirationStatusEnabled
	}
	switch f := new(types.LifecycleRuleFilter); r.Form {
	case formLegacy:
		out.Prefix = aws.String(r.Prefix) //nolint:staticcheck // shown as it was put
	default:
		out.Filter = f
		r.showFilter(f)
	}
	if r.Days > 0 || r.Date != nil || r.LoneMarkers != nil {
		out.Expiration = &types.LifecycleExpiration{Date: r.Date, ExpiredObjectDeleteMarker: r.LoneMarkers, Days: positive(r.Days)}
	}
	if r.NoncurrentDays > 0 {
		out.NoncurrentVersionExpiration = &types.NoncurrentVersionExpiration{NoncurrentDays: positive(r.NoncurrentDays), NewerNoncurrentVersions: positive(r.Newer)}
	}
	if r.AbortDays > 0 {
		out.AbortIncompleteMultipartUpload = &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: positive(r.AbortDays)}
	}
	return out
}

func (r *lifecycleRule) showFilter(f *types.LifecycleRuleFilter) {
	switch r.Form {
	case formPrefix:
		f.Prefix = aws.String(r.Prefix)
	case formTag:
		f.Tag = &listTags(r.Tags)[0]
	case formGreater:
		f.ObjectSizeGreaterThan = r.Greater
	case formLess:
		f.ObjectSizeLessThan = r.Less
	case formAnd:
		f.And = &types.LifecycleRuleAndOperator{Tags: listTags(r.Tags), ObjectSizeGreaterThan: r.Greater, ObjectSizeLessThan: r.Less}
		if r.Prefix != "" {
			f.And.Prefix = aws.String(r.Prefix)
		}
	}
}

func positive(n int32) *int32 {
	if n <= 0 {
		return nil
	}
	return &n
}

// covers tells whether the rule is about an object.
func (r *lifecycleRule) covers(o *object) bool {
	if !r.Enabled || !strings.HasPrefix(o.Key, r.Prefix) {
		return false
	}
	if o.Marker { // has neither tags nor size
		return len(r.Tags) == 0 && r.Greater == nil && r.Less == nil
	}
	for k, v := range r.Tags {
		if have, ok := o.Tags[k]; !ok || have != v {
			return false
		}
	}
	return (r.Greater == nil || o.Size > *r.Greater) && (r.Less == nil || o.Size < *r.Less)
}

// after is the midnight at which days since a moment are over.
// Source: Amazon S3 User Guide, "Lifecycle configuration elements", "how
// Amazon S3 calculates how long an object has been noncurrent".
func after(since time.Time, days int32) time.Time {
	t := since.UTC().AddDate(0, 0, int(days))
	if midnight := t.Truncate(24 * time.Hour); midnight.Before(t) {
		return midnight.AddDate(0, 0, 1)
	}
	return t
}

// expires is when the rule ends a current version; zero for never.
func (r *lifecycleRule) expires(o *object) time.Time {
	switch {
	case r.Date != nil:
		return *r.Date
	case r.Days > 0:
		return after(o.Modified, r.Days)
	}
	return time.Time{}
}

// expiration is the header x-amz-expiration: which rule will end this object,
// and when.
func (b *bucket) expiration(o *object) *string {
	var when time.Time
	var id string
	for i := range b.Lifecycle {
		r := &b.Lifecycle[i]
		if !o.Current || !r.covers(o) {
			continue
		}
		if t := r.expires(o); !t.IsZero() && (when.IsZero() || t.Before(when)) {
			when, id = t, r.ID
		}
	}
	if when.IsZero() {
		return nil
	}
	return aws.String(`expiry-date="` + when.UTC().Format(httpTime) + `", rule-id="` + url.QueryEscape(id) + `"`)
}

// abortion is when a rule gives up an upload, and which.
func (b *bucket) abortion(u *upload) (*time.Time, *string) {
	var when time.Time
	var id string
	for i := range b.Lifecycle {
		r := &b.Lifecycle[i]
		if !r.Enabled || r.AbortDays == 0 || !strings.HasPrefix(u.Key, r.Prefix) {
			continue
		}
		if t := after(u.Started, r.AbortDays); when.IsZero() || t.Before(when) {
			when, id = t, r.ID
		}
	}
	if when.IsZero() {
		return nil, nil
	}
	return &when, &id
}
