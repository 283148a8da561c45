package patchmanager

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutInstancePatchesInput is what a node tells of its packages. Stage is Begin
// (nothing told yet), Plan (what there is before anything is installed) or
// Result (what there is in the end).
type PutInstancePatchesInput struct {
	InstanceId, SnapshotId, Stage *string
	Operation, RebootOption       *string // Scan or Install; RebootIfNeeded or NoReboot
	ExecutionId, Interrupted      *string // Interrupted: what kept a run from its whole way
	StartTime                     *time.Time
	Packages                      []ReportedPackage

	// What the document's parameters of these names say, and the texts behind
	// those that are addresses.
	BaselineOverride, BaselineTags, InstallOverrideList *string

	// AssociationId is the association whose compliance the run is to report, in
	// place of the node's patch compliance (AWS-RunPatchBaselineAssociation).
	AssociationId *string
}

// ReportedPackage is a package that a node has.
type ReportedPackage struct {
	Name, Arch                      *string
	Version, Available              *string // what is installed, and what is newer
	Repository, Section, Priority   *string
	Classification, Severity        *string
	Advisory, CVEs                  *string // CVEs with commas
	Security, Failed, PendingReboot *bool
	InstalledTime, ReleaseDate      *time.Time
}

// PutInstancePatchesOutput says which baseline counts, with which
// repositories, and, after a Plan, what to install.
type PutInstancePatchesOutput struct {
	BaselineId, PatchGroup *string
	Repositories           []string
	Install                []string          // name=version as the node told them
	Hold                   []string          // names that must not come in, not even as a dependency
	Counts                 map[string]string // of states, after a Plan or a Result
}

// PutInstancePatches is the plane's own operation for the script of
// AWS-RunPatchBaseline: it holds a node's packages against its baseline.
func (s *Service) PutInstancePatches(ctx context.Context, in *PutInstancePatchesInput) (*PutInstancePatchesOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	if !slices.Contains([]string{"Begin", "Plan", "Result"}, *in.Stage) || !slices.Contains([]string{"Scan", "Install"}, *in.Operation) ||
		!slices.Contains([]string{"", "RebootIfNeeded", "NoReboot"}, aws.ToString(in.RebootOption)) {
		return nil, invalid("Stage, Operation or RebootOption isn't valid.")
	}
	c, only, err := readChoice(in)
	if err != nil {
		return nil, err
	}
	var out *PutInstancePatchesOutput
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		snap, err := s.fix(tx, scope, call.Time, *in.InstanceId, *in.SnapshotId, c)
		if err != nil {
			return err
		}
		b := &snap.Baseline
		out = &PutInstancePatchesOutput{BaselineId: new(b.shown(scope)), PatchGroup: &snap.Group, Repositories: b.repositories(snap.Product)}
		if *in.Stage == "Begin" {
			return nil
		}
		all := readPackages(in.Packages, b.OS, snap.Product, call.Time)
		st := s.assess(snap, all, in, call.Time)
		st.Baseline = *out.BaselineId
		out.Counts = st.counts()
		if *in.Stage == "Plan" {
			out.Install, out.Hold = b.plan(all, only, call.Time)
			if *in.Operation == "Install" {
				return keepPatches(tx, scope, all) // states follow with the result
			}
		}
		if err := keepPatches(tx, scope, all); err != nil {
			return err
		}
		if id := aws.ToString(in.AssociationId); id != "" {
			return s.ports.Compliance.PutAssociation(tx, scope, st.Node, id, st.Ended, st.verdict())
		}
		before, err := states.Get(tx, scope, st.Node)
		if err != nil && !missing(err) {
			return err
		}
		st.follows(before)
		if err := states.Put(tx, scope, st); err != nil {
			return err
		}
		return s.ports.Compliance.Put(tx, scope, st.Node, "Patch", st.Ended, aws.ToString(in.ExecutionId), "Command", st.rules())
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func readPackages(given []ReportedPackage, os, product string, now time.Time) []*found {
	var out []*found
	for _, p := range given {
		f := &found{
			patch: patch{
				OS: os, Product: product, Name: aws.ToString(p.Name), Arch: aws.ToString(p.Arch), Repository: aws.ToString(p.Repository),
				Section: aws.ToString(p.Section), Priority: aws.ToString(p.Priority), Classification: aws.ToString(p.Classification),
				Severity: aws.ToString(p.Severity), Security: aws.ToBool(p.Security), Advisory: aws.ToString(p.Advisory),
				Released: aws.ToTime(p.ReleaseDate), Seen: now,
			},
			Have: aws.ToString(p.Version), Since: aws.ToTime(p.InstalledTime), Broken: aws.ToBool(p.Failed), Fresh: aws.ToBool(p.PendingReboot),
		}
		if cves := aws.ToString(p.CVEs); cves != "" {
			f.CVEs = strings.Split(cves, ",")
		}
		f.Newer = aws.ToString(p.Available) != "" && *p.Available != f.Have
		f.Version = cmp.Or(aws.ToString(p.Available), f.Have)
		if f.Classification == "" && f.Security {
			f.Classification = "Security"
		}
		out = append(out, f)
	}
	return out
}

// assess makes a node's state of its packages.
func (s *Service) assess(snap *snapshot, all []*found, in *PutInstancePatchesInput, now time.Time) *state {
	st := &state{
		Node: snap.Node, Group: snap.Group, Snapshot: snap.ID, OS: snap.Baseline.OS, Operation: *in.Operation, Reboot: aws.ToString(in.RebootOption),
		Began: cmp.Or(aws.ToTime(in.StartTime), now), Ended: now, Interrupted: aws.ToString(in.Interrupted),
	}
	if len(st.Interrupted) > 128 { // the model's limit of OwnerInformation
		st.Interrupted = st.Interrupted[:128]
	}
	for _, f := range all {
		st.Patches = append(st.Patches, snap.Baseline.stand(f, now))
	}
	st.Patches = append(st.Patches, snap.Baseline.absent(all)...)
	slices.SortFunc(st.Patches, func(a, b stand) int { return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Title, b.Title)) })
	return st
}

// follows takes from the state before what a run does not tell anew.
func (s *state) follows(before *state) {
	if before != nil {
		s.NoReboot = before.NoReboot
	}
	if s.Operation == "Install" && s.Reboot == string(types.RebootOptionNoReboot) {
		s.NoReboot = s.Ended
	}
}

func (s *state) counts() map[string]string {
	out := map[string]string{}
	for _, name := range []string{installed, installedOther, pendingReboot, installedReject, missingPatch, failedPatch, notApplicable} {
		out[name] = strconv.Itoa(int(s.count(name)))
	}
	return out
}

// readChoice reads what a run says of baseline and patches.
func readChoice(in *PutInstancePatchesInput) (c choice, only []wanted, err error) {
	if c.overrides, err = readOverrides(aws.ToString(in.BaselineOverride)); err != nil {
		return c, nil, err
	}
	if c.tag, c.values, err = readBaselineTags(aws.ToString(in.BaselineTags)); err != nil {
		return c, nil, err
	}
	only, err = readWanted(aws.ToString(in.InstallOverrideList))
	return c, only, err
}

// plan is what a node is to install, and what it must keep out. A list of what
// is wanted takes the place of the baseline's rules and lists.
func (b *baseline) plan(all []*found, only []wanted, now time.Time) (install, hold []string) {
	for _, f := range all {
		v := b.judge(&f.patch, now)
		switch {
		case only != nil && f.on(only):
			if f.Newer {
				install = append(install, f.Name+"="+f.Version)
			}
		case v.Status == types.PatchDeploymentStatusExplicitRejected && b.Action == block:
			hold = append(hold, f.Name)
		case only == nil && f.Newer && v.approved():
			install = append(install, f.Name+"="+f.Version)
		}
	}
	return install, hold
}

// repositories are those of the baseline that are for a product.
func (b *baseline) repositories(product string) []string {
	var out []string
	for _, one := range b.Sources {
		if slices.Contains(one.Products, "*") || slices.Contains(one.Products, product) {
			out = append(out, one.Configuration)
		}
	}
	return out
}

// keepPatches notes the newer versions that a node sees.
func keepPatches(tx *store.Tx, scope store.Scope, all []*found) error {
	for _, f := range all {
		if !f.Newer {
			continue
		}
		old, err := patches.Get(tx, scope, patches.Key(&f.patch))
		if err != nil && !missing(err) {
			return err
		}
		if old != nil && f.Seen.Sub(old.Seen) < time.Hour {
			continue
		}
		if err := patches.Put(tx, scope, &f.patch); err != nil {
			return err
		}
	}
	return nil
}

// putInstancePatchesChecks asks for what AWS's script needs for the same.
func (s *Service) putInstancePatchesChecks(_ context.Context, in *PutInstancePatchesInput) ([]api.Check, error) {
	own := map[string]string{api.KeyNode: *in.InstanceId}
	return []api.Check{
		{Action: "ssm:GetDeployablePatchSnapshotForInstance", Resource: "*", Keys: own},
		{Action: "ssm:PutInventory", Resource: "*", Keys: own},
	}, nil
}
