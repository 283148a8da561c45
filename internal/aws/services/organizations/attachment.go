package organizations

import (
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// attachment binds a policy to a root, a unit or an account.
type attachment struct {
	Organization, Target, Policy, Type string
}

var attachments = store.Table[attachment]{
	Name:  "organizations.attachments",
	Reach: store.Plane,
	Key:   func(a *attachment) string { return a.Organization + "/" + a.Target + "/" + a.Policy },
	Indexes: map[string]func(*attachment) string{
		"target":       func(a *attachment) string { return a.Organization + "/" + a.Target },
		"policy":       func(a *attachment) string { return a.Organization + "/" + a.Policy },
		"organization": func(a *attachment) string { return a.Organization },
	},
}

// attachedTo lists what is attached to a target, of one type or of all, in the
// order of the policies' ids.
func attachedTo(tx *store.Tx, o *organization, target, kind string) ([]*attachment, error) {
	all, err := attachments.By(tx, store.Scope{}, "target", o.ID+"/"+target, store.Page{})
	return slices.DeleteFunc(all, func(a *attachment) bool { return kind != "" && a.Type != kind }), err
}

// attach binds a policy; where it is bound already nothing changes.
func attach(tx *store.Tx, o *organization, target string, p *control) error {
	return attachments.Put(tx, store.Scope{}, &attachment{Organization: o.ID, Target: target, Policy: p.ID, Type: p.Type})
}

// attachFull binds the policies of AWS of the types that are enabled, as AWS
// does for every new unit and account.
func (o *organization) attachFull(tx *store.Tx, target string) error {
	for _, kind := range o.PolicyTypes {
		if err := attach(tx, o, target, full(kind)); err != nil {
			return err
		}
	}
	return nil
}

// detachAll unbinds whatever is bound to a target that goes away.
func detachAll(tx *store.Tx, o *organization, target string) error {
	all, err := attachedTo(tx, o, target, "")
	for _, a := range all {
		err = errors.Join(err, attachments.Delete(tx, store.Scope{}, attachments.Key(a)))
	}
	return err
}

// targets lists the root, the units and the accounts of an organization.
func targets(tx *store.Tx, o *organization) ([]string, error) {
	out := []string{o.Root}
	us, err := units.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
	if err != nil {
		return nil, err
	}
	for _, u := range us {
		out = append(out, u.ID)
	}
	ms, err := of(tx, o)
	for _, m := range ms {
		out = append(out, m.Account)
	}
	return out, err
}

// wantEnabled fails where a type of policies is not enabled in the root.
func (o *organization) wantEnabled(kind string) error {
	if slices.Contains(o.PolicyTypes, kind) {
		return nil
	}
	return &types.PolicyTypeNotEnabledException{Message: aws.String("This operation can be performed only for enabled policy types.")}
}

// wantRoot fails where an id is not that of the organization's root.
func (o *organization) wantRoot(id string) error {
	if id == o.Root {
		return nil
	}
	return &types.RootNotFoundException{Message: aws.String("You specified a root that doesn't exist.")}
}

// rootShown is the root with the types of policies that are enabled in it.
func (o *organization) rootShown() *types.Root {
	return &types.Root{Id: aws.String(o.Root), Arn: aws.String(o.arn("root", o.Root)), Name: aws.String("Root"), PolicyTypes: o.typesShown()}
}

// typesShown are the types of policies that are enabled in the root.
func (o *organization) typesShown() []types.PolicyTypeSummary {
	out := []types.PolicyTypeSummary{}
	for _, kind := range o.PolicyTypes {
		out = append(out, types.PolicyTypeSummary{Type: types.PolicyType(kind), Status: types.PolicyTypeStatusEnabled})
	}
	return out
}
