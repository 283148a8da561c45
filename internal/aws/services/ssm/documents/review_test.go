package documents_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// say sends an action of a review, with a comment if there is one.
func (c client) say(name, version string, action types.DocumentReviewAction, comment string) error {
	in := &ssm.UpdateDocumentMetadataInput{Name: &name, DocumentVersion: &version, DocumentReviews: &types.DocumentReviews{Action: action}}
	if comment != "" {
		in.DocumentReviews.Comment = []types.DocumentReviewCommentSource{{Type: types.DocumentReviewCommentTypeComment, Content: &comment}}
	}
	_, err := c.UpdateDocumentMetadata(c.t.Context(), in)
	return err
}

func (c client) reviews(name, version string) *ssm.ListDocumentMetadataHistoryOutput {
	c.t.Helper()
	out, err := c.ListDocumentMetadataHistory(c.t.Context(), &ssm.ListDocumentMetadataHistoryInput{
		Name: &name, DocumentVersion: &version, Metadata: types.DocumentMetadataEnumDocumentReviews,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// TestReviewsOfADocument takes two versions through their reviews.
func TestReviewsOfADocument(t *testing.T) {
	c := open(t)
	c.mustCreate("change", shell("one"))
	if _, err := c.update("change", shell("two")); err != nil {
		t.Fatal(err)
	}
	if got := c.reviews("change", "1"); len(got.Metadata.ReviewerResponse) != 0 || got.Author != nil {
		t.Errorf("want no review yet, got %+v", got)
	}
	steps := []struct {
		does, version string
		action        types.DocumentReviewAction
		comment, code string
	}{
		{"nobody asked", "1", types.DocumentReviewActionApprove, "", "InvalidDocumentOperation"},
		{"the first version is sent", "1", types.DocumentReviewActionSendForReview, "please", ""},
		{"one version at a time is in review", "2", types.DocumentReviewActionSendForReview, "", "InvalidDocumentOperation"},
		{"the comment changes", "1", types.DocumentReviewActionUpdateReview, "pretty please", ""},
		{"it is approved", "1", types.DocumentReviewActionApprove, "", ""},
		{"it cannot be rejected any more", "1", types.DocumentReviewActionReject, "", "InvalidDocumentOperation"},
		{"the second is sent", "2", types.DocumentReviewActionSendForReview, "", ""},
		{"and rejected", "2", types.DocumentReviewActionReject, "too long", ""},
		{"and sent again", "2", types.DocumentReviewActionSendForReview, "shorter", ""},
		{"and approved", "2", types.DocumentReviewActionApprove, "", ""},
		{"a version that is not there", "9", types.DocumentReviewActionApprove, "", "InvalidDocumentVersion"},
	}
	for _, s := range steps {
		t.Run(s.does, func(t *testing.T) {
			err := c.say("change", s.version, s.action, s.comment)
			if s.code != "" {
				apitest.Refused(t, "say", err, s.code, "")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	first := c.reviews("change", "1").Metadata.ReviewerResponse
	if len(first) != 1 || first[0].ReviewStatus != types.ReviewStatusRejected || *first[0].Comment[0].Content != "pretty please" {
		t.Errorf("want the first version rejected by the second's approval, got %+v", first)
	}
	second := c.reviews("change", "2")
	all := second.Metadata.ReviewerResponse
	if len(all) != 2 || all[0].ReviewStatus != types.ReviewStatusApproved || all[1].ReviewStatus != types.ReviewStatusRejected ||
		*all[1].Comment[0].Content != "too long" || second.Author == nil || *all[0].Reviewer != *second.Author {
		t.Errorf("got %+v", second)
	}
	if d := c.describe("change", "2"); d.ReviewStatus != types.ReviewStatusApproved || aws.ToString(d.ApprovedVersion) != "2" || d.PendingReviewVersion != nil || len(d.ReviewInformation) != 2 {
		t.Errorf("got %+v", d)
	}
	page, err := c.ListDocumentMetadataHistory(t.Context(), &ssm.ListDocumentMetadataHistoryInput{
		Name: aws.String("change"), DocumentVersion: aws.String("2"), Metadata: types.DocumentMetadataEnumDocumentReviews, MaxResults: aws.Int32(1),
	})
	if err != nil || len(page.Metadata.ReviewerResponse) != 1 || page.NextToken == nil {
		t.Fatalf("want a page of one, got %+v, %v", page, err)
	}
	page, err = c.ListDocumentMetadataHistory(t.Context(), &ssm.ListDocumentMetadataHistoryInput{
		Name: aws.String("change"), DocumentVersion: aws.String("2"), Metadata: types.DocumentMetadataEnumDocumentReviews, NextToken: page.NextToken,
	})
	if err != nil || len(page.Metadata.ReviewerResponse) != 1 || page.NextToken != nil || page.Metadata.ReviewerResponse[0].ReviewStatus != types.ReviewStatusRejected {
		t.Errorf("want the rest, got %+v, %v", page, err)
	}
	_, err = c.ListDocumentMetadataHistory(t.Context(), &ssm.ListDocumentMetadataHistoryInput{Name: aws.String("nothing"), Metadata: types.DocumentMetadataEnumDocumentReviews})
	apitest.Refused(t, "ListDocumentMetadataHistory", err, "InvalidDocument", "does not exist")
}
