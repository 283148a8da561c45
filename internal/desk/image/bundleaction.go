package image

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
)

// The actions of a rollout.
const (
	UpdateBundle = "workspaces:UpdateWorkspaceBundle"
	CreateBundle = "workspaces:CreateWorkspaceBundle"
	DeleteBundle = "workspaces:DeleteWorkspaceBundle"
	Rebuild      = "workspaces:RebuildWorkspaces/Image"
	Migrate      = "workspaces:MigrateWorkspace"
	CheckCanary  = "image:Check"
)

// Swap is the input of UpdateBundle.
type Swap struct {
	Bundle string `json:"bundle"`
	Image  string `json:"image"`
	Was    string `json:"was"`
}

// NewBundle is the input of CreateBundle and DeleteBundle. A bundle's name is its
// own in an account, so that one which came of a call whose answer was lost is
// found by it.
type NewBundle struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Image       string `json:"image"`
	Compute     string `json:"compute"`
	RootGiB     string `json:"rootGiB,omitempty"`
	UserGiB     string `json:"userGiB"`
}

// Actions are the actions of this package.
func Actions(c clock.Clock) plan.Actions {
	bundles := []string{"workspaces:DescribeWorkspaceBundles"}
	fleet := []string{"workspaces:DescribeWorkspaceBundles", "workspaces:DescribeWorkspaces", "workspaces:DescribeWorkspacesConnectionStatus"}
	return plan.Actions{
		UpdateBundle: plan.One(seeSwap, doSwap).Needs(bundles, []string{"workspaces:UpdateWorkspaceBundle"}),
		CreateBundle: plan.One(seeBundle, makeBundle).Needs(bundles, []string{"workspaces:CreateWorkspaceBundle"}),
		DeleteBundle: plan.One(seeNoBundle, dropBundle).Needs(bundles, []string{"workspaces:DeleteWorkspaceBundle"}),
		Rebuild:      plan.Many(account.Batch, seeRebuilt, rebuild).Needs(append([]string{"cloudtrail:LookupEvents"}, fleet...), []string{"workspaces:RebuildWorkspaces"}),
		Migrate:      plan.Many(account.Batch, seeMigrated, migrate).Needs(fleet, []string{"workspaces:MigrateWorkspace"}),
		CheckCanary: plan.One(func(ctx context.Context, a *account.Account, ask plan.Ask[Trial]) (plan.Seen, error) {
			return seeCanary(ctx, a, ask, c.Now().UTC())
		}, noCanary).Needs(append([]string{"workspaces:DescribeWorkspaces"}, probe.Permissions()...), nil),
	}
}

func seeSwap(ctx context.Context, a *account.Account, ask plan.Ask[Swap]) (plan.Seen, error) {
	found, err := allBundles(ctx, a, ask.Input.Bundle)
	if err != nil {
		return plan.Seen{}, err
	}
	if len(found) == 0 {
		return plan.Seen{State: plan.Drifted, Note: "the bundle is gone"}, nil
	}
	switch now := aws.ToString(found[0].ImageId); now {
	case ask.Input.Image:
		return plan.Seen{State: plan.Done}, nil
	case ask.Input.Was:
		return plan.Seen{State: plan.Todo}, nil
	default:
		return plan.Seen{State: plan.Drifted, Note: "the bundle has the image " + now + " now"}, nil
	}
}

func doSwap(ctx context.Context, a *account.Account, ask plan.Ask[Swap]) error {
	_, err := a.Desktops.UpdateWorkspaceBundle(ctx, &workspaces.UpdateWorkspaceBundleInput{BundleId: &ask.Input.Bundle, ImageId: &ask.Input.Image})
	return explained("workspaces:UpdateWorkspaceBundle", err)
}

func explained(action string, err error) error {
	if err == nil {
		return nil
	}
	return account.Explain(action, err)
}

// byName finds one of the account's own bundles.
func byName(ctx context.Context, a *account.Account, name string) (*types.WorkspaceBundle, error) {
	all, err := allBundles(ctx, a)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(b types.WorkspaceBundle) bool { return aws.ToString(b.Name) == name })
	if i < 0 {
		return nil, nil //nolint:nilnil // nil is no bundle of this name
	}
	return &all[i], nil
}

func seeBundle(ctx context.Context, a *account.Account, ask plan.Ask[NewBundle]) (plan.Seen, error) {
	b, err := byName(ctx, a, ask.Input.Name)
	switch {
	case err != nil:
		return plan.Seen{}, err
	case b == nil:
		return plan.Seen{State: plan.Todo}, nil
	case aws.ToString(b.ImageId) != ask.Input.Image:
		return plan.Seen{State: plan.Drifted, Note: "the bundle " + aws.ToString(b.BundleId) + " of this name has the image " + aws.ToString(b.ImageId)}, nil
	case b.State == types.WorkspaceBundleStateError:
		return plan.Seen{State: plan.Moving, Failed: true, Note: aws.ToString(b.BundleId) + " is in ERROR"}, nil
	case b.State == types.WorkspaceBundleStatePending:
		return plan.Seen{State: plan.Moving, Note: aws.ToString(b.BundleId) + " is PENDING"}, nil
	}
	return plan.Seen{State: plan.Done, Note: aws.ToString(b.BundleId)}, nil
}

func makeBundle(ctx context.Context, a *account.Account, ask plan.Ask[NewBundle]) error {
	n := ask.Input
	in := &workspaces.CreateWorkspaceBundleInput{
		BundleName: &n.Name, BundleDescription: &n.Description, ImageId: &n.Image,
		ComputeType: &types.ComputeType{Name: types.Compute(n.Compute)}, UserStorage: &types.UserStorage{Capacity: &n.UserGiB},
	}
	if n.RootGiB != "" {
		in.RootStorage = &types.RootStorage{Capacity: &n.RootGiB}
	}
	_, err := a.Desktops.CreateWorkspaceBundle(ctx, in)
	return explained("workspaces:CreateWorkspaceBundle", err)
}

func seeNoBundle(ctx context.Context, a *account.Account, ask plan.Ask[NewBundle]) (plan.Seen, error) {
	b, err := byName(ctx, a, ask.Input.Name)
	switch {
	case err != nil:
		return plan.Seen{}, err
	case b == nil:
		return plan.Seen{State: plan.Done}, nil
	case aws.ToString(b.ImageId) != ask.Input.Image:
		return plan.Seen{State: plan.Drifted, Note: "the bundle has the image " + aws.ToString(b.ImageId) + " now"}, nil
	}
	return plan.Seen{State: plan.Todo}, nil
}

func dropBundle(ctx context.Context, a *account.Account, ask plan.Ask[NewBundle]) error {
	b, err := byName(ctx, a, ask.Input.Name)
	if err != nil || b == nil {
		return err
	}
	_, err = a.Desktops.DeleteWorkspaceBundle(ctx, &workspaces.DeleteWorkspaceBundleInput{BundleId: b.BundleId})
	return explained("workspaces:DeleteWorkspaceBundle", err)
}

// newLike is a new bundle of an image with the sizes of another bundle.
func newLike(name string, b types.WorkspaceBundle, image string) NewBundle {
	n := NewBundle{Name: name, Description: name, Image: image, UserGiB: "50"}
	if b.ComputeType != nil {
		n.Compute = string(b.ComputeType.Name)
	}
	if b.RootStorage != nil {
		n.RootGiB = aws.ToString(b.RootStorage.Capacity)
	}
	if b.UserStorage != nil {
		n.UserGiB = aws.ToString(b.UserStorage.Capacity)
	}
	return n
}

// CLI is the same by the AWS CLI.
func (n NewBundle) CLI() string {
	words := []string{
		"aws", "workspaces", "create-workspace-bundle", "--bundle-name", n.Name, "--bundle-description", n.Description, "--image-id", n.Image,
		"--compute-type", "Name=" + n.Compute, "--user-storage", "Capacity=" + n.UserGiB,
	}
	if n.RootGiB != "" {
		words = append(words, "--root-storage", "Capacity="+n.RootGiB)
	}
	return plan.Shell(words...)
}

// CLI is the same by the AWS CLI.
func (s Swap) CLI() string {
	return plan.Shell("aws", "workspaces", "update-workspace-bundle", "--bundle-id", s.Bundle, "--image-id", s.Image)
}
