package documents

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

// review is one review of a version: asked for, then approved or rejected
// (Systems Manager API Reference, UpdateDocumentMetadata).
type review struct {
	Author   string // who asked, by ARN
	Status   string // PENDING, then APPROVED or REJECTED
	Reviewer string `json:",omitempty"` // who answered, by ARN
	Comment  string `json:",omitempty"` // the last one
	Created  time.Time
	Updated  time.Time
}

// maxReviews is how many reviews of one version are kept; the oldest go first.
const maxReviews = 100

// reviewStatus is the status of a version's last review; empty is never asked
// for.
func (v *version) reviewStatus() types.ReviewStatus {
	if len(v.Reviews) == 0 {
		return ""
	}
	return types.ReviewStatus(v.Reviews[len(v.Reviews)-1].Status)
}

// author is who asked for the last review.
func (v *version) author() string {
	if len(v.Reviews) == 0 {
		return ""
	}
	return v.Reviews[len(v.Reviews)-1].Author
}

// review does what a caller says about a version's review. One version of a
// document can be PENDING, and one APPROVED (API Reference,
// DocumentReviewerResponseSource).
func (d *document) review(v *version, in *types.DocumentReviews, who string, now time.Time) error {
	if in.Action == types.DocumentReviewActionSendForReview {
		if d.Pending != 0 {
			return badReview("Version " + *num(d.Pending) + " of the document is already in review.")
		}
		d.lose(v.Number) // no longer approved
		d.Pending = v.Number
		v.ask(who, now)
	}
	if d.Pending != v.Number {
		return badReview("Version " + *num(v.Number) + " of the document is not in review.")
	}
	if len(in.Comment) > 0 {
		v.Reviews[len(v.Reviews)-1].Comment = str(in.Comment[0].Content)
	}
	switch in.Action {
	case types.DocumentReviewActionApprove:
		v.answer(types.ReviewStatusApproved, who, now)
		d.Pending, d.Approved = 0, v.Number
	case types.DocumentReviewActionReject:
		v.answer(types.ReviewStatusRejected, who, now)
		d.Pending = 0
	case types.DocumentReviewActionUpdateReview:
		v.Reviews[len(v.Reviews)-1].Updated = now.Truncate(time.Millisecond)
	case types.DocumentReviewActionSendForReview:
	}
	return nil
}

// ask begins a review.
func (v *version) ask(who string, now time.Time) {
	now = now.Truncate(time.Millisecond)
	v.Reviews = append(v.Reviews, review{Author: who, Status: string(types.ReviewStatusPending), Created: now, Updated: now})
	v.Reviews = v.Reviews[max(0, len(v.Reviews)-maxReviews):]
}

// answer ends the last review.
func (v *version) answer(status types.ReviewStatus, who string, now time.Time) {
	last := &v.Reviews[len(v.Reviews)-1]
	last.Status, last.Reviewer, last.Updated = string(status), who, now.Truncate(time.Millisecond)
}

// lose ends what stands of a version's reviews.
func (d *document) lose(n int64) {
	if d.Pending == n {
		d.Pending = 0
	}
	if d.Approved == n {
		d.Approved = 0
	}
}

func (d *document) pending() *string {
	if d.Pending == 0 {
		return nil
	}
	return num(d.Pending)
}

func (d *document) approved() *string {
	if d.Approved == 0 {
		return nil
	}
	return num(d.Approved)
}

// showReviews are the answers to a version's reviews, the newest first.
func (v *version) showReviews() []types.ReviewInformation {
	var out []types.ReviewInformation
	for _, r := range slices.Backward(v.Reviews) {
		one := types.ReviewInformation{Status: types.ReviewStatus(r.Status), Reviewer: api.Optional(r.Reviewer)}
		if r.Reviewer != "" {
			one.ReviewedTime = &r.Updated
		}
		out = append(out, one)
	}
	return out
}

func (r review) show() types.DocumentReviewerResponseSource {
	out := types.DocumentReviewerResponseSource{
		CreateTime: &r.Created, UpdatedTime: &r.Updated, ReviewStatus: types.ReviewStatus(r.Status), Reviewer: api.Optional(r.Reviewer),
	}
	if r.Comment != "" {
		out.Comment = []types.DocumentReviewCommentSource{{Type: types.DocumentReviewCommentTypeComment, Content: new(r.Comment)}}
	}
	return out
}

func badReview(text string) error { return &types.InvalidDocumentOperation{Message: &text} }
