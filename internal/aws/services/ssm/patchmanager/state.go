package patchmanager

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// state is how a node stands to its baseline, as its last run found it.
type state struct {
	Node        string
	Group       string `json:",omitempty"`
	Baseline    string // as shown
	Snapshot    string
	OS          string
	Operation   string // Scan or Install
	Reboot      string `json:",omitempty"`
	Began       time.Time
	Ended       time.Time
	NoReboot    time.Time // the last Install that did not restart
	Interrupted string    `json:",omitempty"`
	Patches     []stand
}

// stand is one patch of a node.
type stand struct {
	ID             string
	Title          string
	Classification string    `json:",omitempty"`
	Severity       string    `json:",omitempty"`
	State          string    // INSTALLED ... FAILED
	Level          string    // compliance level of what the baseline wants
	Security       bool      `json:",omitempty"`
	Installed      time.Time // zero: not, or not known
	CVEs           []string  `json:",omitempty"`
}

var states = store.Table[state]{
	Name: "ssm.patchstates", Reach: store.Regional,
	Key:     func(s *state) string { return s.Node },
	Indexes: map[string]func(*state) string{"group": func(s *state) string { return s.Group }},
}

// snapshot is a baseline as it was when a run began, so that all of the run,
// whatever changes meanwhile, goes by the same rules.
type snapshot struct {
	Node     string
	ID       string
	Token    string
	Group    string `json:",omitempty"`
	Product  string `json:",omitempty"`
	Baseline baseline
	Made     time.Time
}

var snapshots = store.Table[snapshot]{
	Name: "ssm.patchsnapshots", Reach: store.Regional,
	Key: func(s *snapshot) string { return s.Node + "/" + s.ID },
	Indexes: map[string]func(*snapshot) string{
		"token": func(s *snapshot) string { return s.Token },
		"node":  func(s *snapshot) string { return s.Node },
	},
}

const (
	installed       = string(types.PatchComplianceDataStateInstalled)
	installedOther  = string(types.PatchComplianceDataStateInstalledOther)
	pendingReboot   = string(types.PatchComplianceDataStateInstalledPendingReboot)
	installedReject = string(types.PatchComplianceDataStateInstalledRejected)
	missingPatch    = string(types.PatchComplianceDataStateMissing)
	failedPatch     = string(types.PatchComplianceDataStateFailed)
	notApplicable   = string(types.PatchComplianceDataStateNotApplicable)
)

// found is a package as a node reports it: what is installed, and what could
// take its place.
type found struct {
	patch            // the newer version, or, without one, the installed
	Have   string    // the installed version
	Since  time.Time // installed, zero when not known
	Newer  bool
	Broken bool // its installation was tried and failed, or was cut off
	Fresh  bool // installed by this house since the node started, and needs a restart
}

// stand applies the baseline to a package. Source: Systems Manager User Guide,
// "Patch compliance state values".
func (b *baseline) stand(f *found, now time.Time) stand {
	v := b.judge(&f.patch, now)
	out := stand{
		ID: f.id(), Title: f.Name + " " + cmp.Or(f.Have, f.Version), Classification: f.Classification, Severity: cmp.Or(f.Severity, f.Priority),
		Level: cmp.Or(v.Level, unspecified), Security: f.Security, Installed: f.Since, CVEs: f.CVEs,
	}
	switch rejected := v.Status == types.PatchDeploymentStatusExplicitRejected; {
	case f.Broken:
		out.State, out.Title = failedPatch, f.Name+" "+f.Version
	case f.Fresh:
		out.State = pendingReboot
	case rejected && b.Action == block:
		out.State = installedReject
	case rejected:
		out.State = installedOther
	case f.Newer && v.approved():
		out.State, out.Title, out.Installed = missingPatch, f.Name+" "+f.Version, time.Time{}
	case !f.Newer && v.approved():
		out.State = installed
	default:
		out.State = installedOther
	}
	return out
}

// absent are approved patches by name that the node has no package of.
func (b *baseline) absent(all []*found) []stand {
	var out []stand
	for _, name := range b.Approved {
		if strings.Contains(name, "*") || slices.ContainsFunc(all, func(f *found) bool { return f.named([]string{name}) || f.Name == name }) {
			continue
		}
		out = append(out, stand{ID: name, Title: name, State: notApplicable, Level: b.Level})
	}
	return out
}

// compliant tells whether a patch is as the baseline wants it.
func (p *stand) compliant() bool {
	return !slices.Contains([]string{missingPatch, failedPatch, pendingReboot, installedReject}, p.State)
}

func (s *state) count(state string) int32 {
	n := int32(0)
	for i := range s.Patches {
		if s.Patches[i].State == state {
			n++
		}
	}
	return n
}

func (s *state) describe() types.InstancePatchState {
	var critical, security, other int32
	for i := range s.Patches {
		switch p := &s.Patches[i]; {
		case p.compliant():
		case p.Level == "CRITICAL":
			critical++
		case p.Security:
			security++
		default:
			other++
		}
	}
	out := types.InstancePatchState{
		InstanceId: &s.Node, PatchGroup: &s.Group, BaselineId: &s.Baseline, SnapshotId: api.Optional(s.Snapshot), OwnerInformation: api.Optional(s.Interrupted),
		Operation: types.PatchOperationType(s.Operation), OperationStartTime: &s.Began, OperationEndTime: &s.Ended, RebootOption: types.RebootOption(s.Reboot),
		InstalledCount: s.count(installed), InstalledOtherCount: s.count(installedOther), InstalledPendingRebootCount: new(s.count(pendingReboot)),
		InstalledRejectedCount: new(s.count(installedReject)), MissingCount: s.count(missingPatch), FailedCount: s.count(failedPatch),
		NotApplicableCount: s.count(notApplicable), UnreportedNotApplicableCount: new(int32(0)),
		CriticalNonCompliantCount: &critical, SecurityNonCompliantCount: &security, OtherNonCompliantCount: &other,
	}
	if !s.NoReboot.IsZero() {
		out.LastNoRebootInstallOperationTime = &s.NoReboot
	}
	return out
}

func (p *stand) describe() types.PatchComplianceData {
	out := types.PatchComplianceData{
		Title: &p.Title, KBId: &p.ID, Classification: &p.Classification, Severity: &p.Severity, State: types.PatchComplianceDataState(p.State), InstalledTime: &p.Installed,
	}
	if p.Installed.IsZero() {
		out.InstalledTime = new(time.Unix(0, 0).UTC())
	}
	if p.State == missingPatch || p.State == failedPatch {
		out.CVEIds = api.Optional(strings.Join(p.CVEs, ","))
	}
	return out
}

// rules are a node's patches for the room of compliance. What the baseline
// does not ask for is not among them.
func (s *state) rules() []Rule {
	var out []Rule
	for i := range s.Patches {
		p := &s.Patches[i]
		if p.State == notApplicable {
			continue
		}
		out = append(out, Rule{ID: p.ID, Title: p.Title, Severity: p.Level, Compliant: p.compliant(), Details: map[string]string{
			"Classification": p.Classification, "PatchState": p.State, "PatchSeverity": p.Severity, "PatchGroup": s.Group, "PatchBaselineId": s.Baseline,
		}})
	}
	return out
}

// verdict is what a node's patches mean for the association that scanned them.
// Source: User Guide, "SSM Command document for patching:
// AWS-RunPatchBaselineAssociation".
func (s *state) verdict() Rule {
	r := Rule{Compliant: true, Details: map[string]string{"DocumentName": "AWS-RunPatchBaselineAssociation", "DocumentVersion": "1", "PatchBaselineId": s.Baseline}}
	for i := range s.Patches {
		if p := &s.Patches[i]; p.State != notApplicable && !p.compliant() {
			r.Compliant = false
		}
	}
	return r
}
