package patchmanager

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"go.yaml.in/yaml/v3"

	"tamachi/internal/store"
)

// choice is what a run asks of its baseline. All empty, the node's patch group
// decides.
type choice struct {
	overrides []types.BaselineOverride // the one of the node's operating system counts
	tag       string                   // else the baseline that has one of values
	values    []string                 // under this key of its tags
}

// wanted is an entry of an install override list. Source: User Guide, "Sample
// scenario for using the InstallOverrideList parameter" and "SSM Command
// document for patching: AWS-RunPatchBaseline".
type wanted struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"` // the version; empty or * is any
}

// readWanted reads the YAML of an install override list; nil when there is
// none.
func readWanted(text string) ([]wanted, error) {
	if text == "" {
		return nil, nil
	}
	var list struct {
		Patches []wanted `yaml:"patches"`
	}
	if err := yaml.Unmarshal([]byte(text), &list); err != nil {
		return nil, invalid("The InstallOverrideList is no YAML list of patches.")
	}
	if len(list.Patches) == 0 {
		return nil, invalid("The InstallOverrideList has no patches.")
	}
	if slices.ContainsFunc(list.Patches, func(w wanted) bool { return w.ID == "" }) {
		return nil, invalid("A patch of the InstallOverrideList has no id.")
	}
	return list.Patches, nil
}

// on tells whether a list has a patch in this version.
func (p *patch) on(list []wanted) bool {
	_, plain, _ := strings.Cut(p.Version, ":")
	return slices.ContainsFunc(list, func(w wanted) bool {
		if !glob(w.ID, p.Name) && !glob(w.ID, p.id()) {
			return false
		}
		return w.Title == "" || glob(w.Title, p.Version) || plain != "" && glob(w.Title, plain)
	})
}

// readOverrides reads the JSON of a BaselineOverride: a list of baselines, one
// an operating system.
func readOverrides(text string) ([]types.BaselineOverride, error) {
	if text == "" {
		return nil, nil
	}
	var all []types.BaselineOverride
	if json.Unmarshal([]byte(text), &all) != nil || len(all) == 0 {
		return nil, invalid("The BaselineOverride is no JSON list of baselines.")
	}
	return all, nil
}

// readBaselineTags reads Key=name,Values=one,two.
func readBaselineTags(text string) (key string, values []string, err error) {
	if text == "" {
		return "", nil, nil
	}
	key, list, ok := strings.Cut(strings.TrimPrefix(text, "Key="), ",Values=")
	if !ok || !strings.HasPrefix(text, "Key=") || key == "" || list == "" {
		return "", nil, invalid("BaselineTags must have the form Key=tag-key,Values=tag-value1,tag-value2.")
	}
	return key, strings.Split(list, ","), nil
}

// overriding makes the baseline of a run from those that it was given. It is
// no record: its id says what it is, and is the same for the same text.
func overriding(given []types.BaselineOverride, os string) (*baseline, error) {
	i := slices.IndexFunc(given, func(o types.BaselineOverride) bool { return string(o.OperatingSystem) == os })
	if i < 0 {
		return nil, invalid("The BaselineOverride has no baseline for " + os + ".")
	}
	o := given[i]
	if err := whole(o); err != nil {
		return nil, err
	}
	b, err := readBaseline(&ssm.CreatePatchBaselineInput{
		Name: aws.String("BaselineOverride"), OperatingSystem: o.OperatingSystem, GlobalFilters: o.GlobalFilters, ApprovalRules: o.ApprovalRules,
		ApprovedPatches: o.ApprovedPatches, ApprovedPatchesComplianceLevel: o.ApprovedPatchesComplianceLevel,
		ApprovedPatchesEnableNonSecurity: &o.ApprovedPatchesEnableNonSecurity, RejectedPatches: o.RejectedPatches,
		RejectedPatchesAction: o.RejectedPatchesAction, Sources: o.Sources, AvailableSecurityUpdatesComplianceStatus: o.AvailableSecurityUpdatesComplianceStatus,
	})
	if err != nil {
		return nil, err
	}
	form, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(form)
	b.ID = "pb-override-" + hex.EncodeToString(sum[:8])
	return b, nil
}

// whole refuses what the gate would have refused: a text that a node read from
// a bucket came by no codec.
func whole(o types.BaselineOverride) error {
	if slices.ContainsFunc(o.Sources, func(s types.PatchSource) bool { return s.Name == nil || s.Configuration == nil || len(s.Products) == 0 }) {
		return invalid("A source of the BaselineOverride needs Name, Products and Configuration.")
	}
	if o.ApprovalRules != nil && slices.ContainsFunc(o.ApprovalRules.PatchRules, func(r types.PatchRule) bool {
		return r.PatchFilterGroup == nil || r.ApproveAfterDays != nil && (*r.ApproveAfterDays < 0 || *r.ApproveAfterDays > 360)
	}) {
		return invalid("A rule of the BaselineOverride needs a PatchFilterGroup, and ApproveAfterDays from 0 to 360.")
	}
	if o.RejectedPatchesAction != "" && !slices.Contains(o.RejectedPatchesAction.Values(), o.RejectedPatchesAction) {
		return invalid("The RejectedPatchesAction of the BaselineOverride isn't valid.")
	}
	return nil
}

// chosen is the baseline of a run: an override, else one by its tags, else
// that of the patch group, else the default. Source: User Guide, "SSM Command
// document for patching: AWS-RunPatchBaselineAssociation".
func (c choice) chosen(tx *store.Tx, scope store.Scope, patchGroup, os string) (*baseline, error) {
	if len(c.overrides) > 0 {
		return overriding(c.overrides, os)
	}
	if c.tag != "" {
		all, err := baselines.List(tx, scope, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, b := range all {
			if v, ok := b.Tags[c.tag]; ok && b.OS == os && slices.Contains(c.values, v) {
				return b, nil
			}
		}
	}
	return baselineFor(tx, scope, patchGroup, os)
}
