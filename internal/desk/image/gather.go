package image

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/settings"
)

// Patched is the patch state of the master.
type Patched struct {
	At      time.Time `json:"at"` // of the last scan or installation
	Missing int       `json:"missing"`
	Failed  int       `json:"failed"`
	Reboot  int       `json:"pendingReboot"` // installed, and not in force before a reboot
	Names   []string  `json:"names,omitempty"`
}

// Facts are what is known of an image's master.
type Facts struct {
	At        time.Time   `json:"at"`
	Image     string      `json:"image,omitempty"`
	State     string      `json:"imageState,omitempty"`
	Made      time.Time   `json:"imageMade,omitzero"`
	Desktop   string      `json:"master,omitempty"`
	Node      *probe.Node `json:"node"`
	Inventory []Installed `json:"-"` // long; the items name what matters of it
	Counted   time.Time   `json:"inventory,omitzero"`
	Patches   *Patched    `json:"patches,omitempty"` // nil where there was no scan
	Seen      *Seen       `json:"seen,omitempty"`
	Unprobed  string      `json:"unprobed,omitempty"`
}

// pictured reads an image.
func pictured(ctx context.Context, a *account.Account, id string) (*types.WorkspaceImage, error) {
	out, err := a.Desktops.DescribeWorkspaceImages(ctx, &workspaces.DescribeWorkspaceImagesInput{ImageIds: []string{id}})
	if err != nil {
		return nil, account.Explain("workspaces:DescribeWorkspaceImages", err)
	}
	if len(out.Images) == 0 {
		return nil, nil
	}
	return &out.Images[0], nil
}

// traced bounds what is read of the trail; images are made a few times a day.
const traced = 500

// origin is the desktop that an image was made of, which only the trail knows;
// "" where it does not any more, or never did. An answer may come into the trail
// later than its call: until then it is known by the image's name, which no other
// has, and its time.
func origin(ctx context.Context, trail account.Trail, image *types.WorkspaceImage) (string, error) {
	made := aws.ToTime(image.Created)
	events, _, err := account.Events(ctx, trail, "CreateWorkspaceImage", made.Add(-10*time.Minute), traced)
	if err != nil {
		return "", err
	}
	for _, e := range events {
		var r struct {
			account.Record
			RequestParameters struct{ WorkspaceID, Name string }
			ResponseElements  struct{ ImageID string }
		}
		if json.Unmarshal([]byte(aws.ToString(e.CloudTrailEvent)), &r) != nil || r.ErrorCode != "" {
			continue
		}
		unanswered := r.ResponseElements.ImageID == "" && r.RequestParameters.Name == aws.ToString(image.Name) &&
			aws.ToTime(e.EventTime).Sub(made).Abs() < time.Minute
		if unanswered || r.ResponseElements.ImageID == aws.ToString(image.ImageId) {
			return r.RequestParameters.WorkspaceID, nil
		}
	}
	return "", nil
}

// node finds the managed node of a master: of a desktop, or by its own id.
func (f *Facts) node(ctx context.Context, a *account.Account, master string) (bool, error) {
	if !strings.HasPrefix(master, "ws-") {
		out, err := a.Nodes.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
			Filters: []ssmtypes.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: []string{master}}},
		})
		if err != nil {
			return false, account.Explain("ssm:DescribeInstanceInformation", err)
		}
		for _, i := range out.InstanceInformationList {
			f.Node = &probe.Node{ID: master, By: "id", Online: i.PingStatus == ssmtypes.PingStatusOnline, Windows: i.PlatformType == ssmtypes.PlatformTypeWindows}
		}
		return f.Node != nil, nil
	}
	f.Desktop = master
	found, err := account.DesktopsByID(ctx, a.Desktops, []string{master})
	if err != nil || len(found) == 0 {
		return false, err
	}
	f.Node, err = probe.Translate(ctx, a.Nodes, found[0])
	return err == nil, err
}

// gather reads what the list asks for.
func (f *Facts) gather(ctx context.Context, a *account.Account, want settings.Acceptance) error {
	var err error
	if f.Inventory, f.Counted, err = probe.Programs(ctx, a.Nodes, f.Node.ID); err != nil {
		return err
	}
	if err := f.patches(ctx, a.Nodes); err != nil {
		return err
	}
	return f.probe(ctx, a.Nodes, want)
}

// probe asks the master itself. One that does not answer is no end: inventory and
// patch state are there without it.
func (f *Facts) probe(ctx context.Context, nodes probe.Nodes, want settings.Acceptance) error {
	sections, err := probe.Run(ctx, nodes, f.Node, pack(want))
	if silent, ok := errors.AsType[*probe.Unanswered](err); ok {
		f.Unprobed = silent.Error()
		return nil
	}
	if err != nil {
		return err
	}
	seen := read(sections, len(want.Probes))
	f.Seen = &seen
	return nil
}

func (f *Facts) patches(ctx context.Context, nodes *ssm.Client) error {
	out, err := nodes.DescribeInstancePatchStates(ctx, &ssm.DescribeInstancePatchStatesInput{InstanceIds: []string{f.Node.ID}})
	if err != nil {
		return account.Explain("ssm:DescribeInstancePatchStates", err)
	}
	if len(out.InstancePatchStates) == 0 {
		return nil
	}
	s := out.InstancePatchStates[0]
	f.Patches = &Patched{
		At: aws.ToTime(s.OperationEndTime).UTC(), Missing: int(s.MissingCount), Failed: int(s.FailedCount), Reboot: int(aws.ToInt32(s.InstalledPendingRebootCount)),
	}
	if f.Patches.Missing+f.Patches.Failed == 0 {
		return nil
	}
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := nodes.DescribeInstancePatches(ctx, &ssm.DescribeInstancePatchesInput{
			InstanceId: &f.Node.ID, NextToken: token, MaxResults: aws.Int32(50),
			Filters: []ssmtypes.PatchOrchestratorFilter{{Key: aws.String("State"), Values: []string{"Missing", "Failed"}}},
		})
		if err != nil {
			return nil, err
		}
		for _, p := range out.Patches {
			name := aws.ToString(p.KBId)
			if name == "" {
				name = aws.ToString(p.Title)
			}
			f.Patches.Names = append(f.Patches.Names, name)
		}
		return out.NextToken, nil
	})
	if err != nil {
		return account.Explain("ssm:DescribeInstancePatches", err)
	}
	slices.Sort(f.Patches.Names)
	return nil
}

// checkReads are the IAM actions of a check.
func checkReads() []string {
	return append(
		probe.Permissions(), "cloudtrail:LookupEvents", "ssm:DescribeInstancePatchStates", "ssm:DescribeInstancePatches", "ssm:ListInventoryEntries",
		"workspaces:DescribeWorkspaceImages", "workspaces:DescribeWorkspaces",
	)
}
