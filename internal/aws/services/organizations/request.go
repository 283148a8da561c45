package organizations

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// request is a CreateAccount, and how it went.
type request struct {
	ID           string // car-...
	Organization string
	Name         string
	State        string // IN_PROGRESS, then SUCCEEDED or FAILED
	Account      string
	Failure      string
	Requested    time.Time
	Completed    time.Time // zero while it is in progress
	// What the account is to be like.
	Email string            `json:",omitempty"`
	Role  string            `json:",omitempty"`
	Tags  map[string]string `json:",omitempty"`
}

var requests = store.Table[request]{
	Name:  "organizations.requests",
	Reach: store.Plane,
	Key:   func(r *request) string { return r.ID },
	Indexes: map[string]func(*request) string{
		"organization": func(r *request) string { return r.Organization },
		"waiting": func(r *request) string {
			if r.State == string(types.CreateAccountStateInProgress) {
				return "yes"
			}
			return ""
		},
	},
}

func (r *request) shown() *types.CreateAccountStatus {
	out := &types.CreateAccountStatus{
		Id: aws.String(r.ID), AccountName: aws.String(r.Name), State: types.CreateAccountState(r.State),
		RequestedTimestamp: aws.Time(r.Requested),
		FailureReason:      types.CreateAccountFailureReason(r.Failure),
	}
	if !r.Completed.IsZero() {
		out.CompletedTimestamp = aws.Time(r.Completed)
	}
	if r.Account != "" {
		out.AccountId = aws.String(r.Account)
	}
	return out
}

// fail ends a request without an account.
func (r *request) fail(why types.CreateAccountFailureReason) {
	r.State, r.Failure = string(types.CreateAccountStateFailed), string(why)
}
