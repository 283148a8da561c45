package organizations

import (
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// delegate is a member account that administers a service for the organization.
type delegate struct {
	Organization, Account, Service string // ssm.amazonaws.com
	Since                          time.Time
}

var delegates = store.Table[delegate]{
	Name:  "organizations.delegates",
	Reach: store.Plane,
	Key:   func(d *delegate) string { return d.Organization + "/" + d.Account + "/" + d.Service },
	Indexes: map[string]func(*delegate) string{
		"organization": func(d *delegate) string { return d.Organization },
		"account":      func(d *delegate) string { return d.Organization + "/" + d.Account },
	},
}

// trust is a service that may act in the accounts of an organization.
type trust struct {
	Organization, Service string
	Since                 time.Time
}

var trusted = store.Table[trust]{
	Name:    "organizations.trusted",
	Reach:   store.Plane,
	Key:     func(t *trust) string { return t.Organization + "/" + t.Service },
	Indexes: map[string]func(*trust) string{"organization": func(t *trust) string { return t.Organization }},
}

// delegatesOf lists what an account administers.
func delegatesOf(tx *store.Tx, o *organization, account string) ([]*delegate, error) {
	return delegates.By(tx, store.Scope{}, "account", o.ID+"/"+account, store.Page{})
}

var servicePrincipal = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*\.amazonaws\.com$`)

func notRegistered() error {
	return &types.AccountNotRegisteredException{Message: aws.String("The provided account is not a registered delegated administrator for your organization.")}
}

// acceptService wants the name of a service principal.
func acceptService(name string) error {
	if servicePrincipal.MatchString(name) {
		return nil
	}
	return &types.InvalidInputException{
		Message: aws.String("You specified an unrecognized service principal."), Reason: types.InvalidInputExceptionReasonUnrecognizedServicePrincipal,
	}
}
