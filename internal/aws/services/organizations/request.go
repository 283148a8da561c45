package organizations

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// request is how a CreateAccount went.
type request struct {
	ID           string // car-...
	Organization string
	Name         string
	State        string // SUCCEEDED or FAILED
	Account      string
	Failure      string
	Requested    time.Time
	Completed    time.Time
}

var requests = store.Table[request]{
	Name:    "organizations.requests",
	Reach:   store.Plane,
	Key:     func(r *request) string { return r.ID },
	Indexes: map[string]func(*request) string{"organization": func(r *request) string { return r.Organization }},
}

func (r *request) shown() *types.CreateAccountStatus {
	out := &types.CreateAccountStatus{
		Id: aws.String(r.ID), AccountName: aws.String(r.Name), State: types.CreateAccountState(r.State),
		RequestedTimestamp: aws.Time(r.Requested), CompletedTimestamp: aws.Time(r.Completed),
		FailureReason: types.CreateAccountFailureReason(r.Failure),
	}
	if r.Account != "" {
		out.AccountId = aws.String(r.Account)
	}
	return out
}
