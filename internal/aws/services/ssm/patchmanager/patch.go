package patchmanager

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// patch is an update that a node's repositories offer.
type patch struct {
	OS             string
	Product        string `json:",omitempty"` // Debian12
	Name           string
	Version        string // whole: epoch, version, release
	Arch           string `json:",omitempty"`
	Repository     string `json:",omitempty"`
	Section        string `json:",omitempty"`
	Priority       string `json:",omitempty"`
	Classification string `json:",omitempty"` // Security, Bugfix, ...
	Severity       string `json:",omitempty"`
	Security       bool   `json:",omitempty"`
	Advisory       string `json:",omitempty"`
	CVEs           []string
	Released       time.Time // zero: not known
	Seen           time.Time // by a node, last
}

var patches = store.Table[patch]{
	Name: "ssm.patches", Reach: store.Regional,
	Key:     func(p *patch) string { return p.OS + "/" + p.Name + "/" + p.Arch + "/" + p.Version },
	Indexes: map[string]func(*patch) string{"os": func(p *patch) string { return p.OS }},
}

const (
	unspecified       = "UNSPECIFIED"
	allowAsDependency = "ALLOW_AS_DEPENDENCY"
	block             = "BLOCK"
)

// property is what a filter's key means of a patch.
func (p *patch) property(key string) string {
	switch key {
	case "PRODUCT":
		return p.Product
	case "PRODUCT_FAMILY":
		return family(p.OS)
	case "CLASSIFICATION":
		return p.Classification
	case "SEVERITY", "MSRC_SEVERITY":
		return p.Severity
	case "PRIORITY":
		return p.Priority
	case "SECTION":
		return p.Section
	case "NAME":
		return p.Name
	case "PATCH_ID":
		return p.id()
	case "ARCH":
		return p.Arch
	case "VERSION":
		return p.Version
	case "REPOSITORY":
		return p.Repository
	case "ADVISORY_ID":
		return p.Advisory
	case "PATCH_SET":
		return "OS"
	case "SECURITY":
		if p.Security {
			return "True"
		}
		return "False"
	}
	return ""
}

// id names a patch: KBId of the answers.
func (p *patch) id() string {
	if p.Arch == "" {
		return p.Name
	}
	return p.Name + "." + p.Arch
}

func (c condition) fits(p *patch) bool {
	v := p.property(c.Key)
	return slices.ContainsFunc(c.Values, func(want string) bool { return want == "*" || strings.EqualFold(want, v) })
}

func fitAll(conditions []condition, p *patch) bool {
	return !slices.ContainsFunc(conditions, func(c condition) bool { return !c.fits(p) })
}

// verdict is what a baseline says of a patch.
type verdict struct {
	Status types.PatchDeploymentStatus // empty: the baseline does not have it
	Level  string
	When   time.Time // approved since, or from then on
}

func (v verdict) approved() bool {
	return v.Status == types.PatchDeploymentStatusApproved || v.Status == types.PatchDeploymentStatusExplicitApproved
}

// judge applies a baseline to a patch. The lists come before the rules, and of
// rules that match the one that approves first counts. Source: Systems Manager
// User Guide, "How patches are installed".
func (b *baseline) judge(p *patch, now time.Time) verdict {
	if p.named(b.Rejected) {
		return verdict{Status: types.PatchDeploymentStatusExplicitRejected, Level: unspecified}
	}
	// Without ApprovedPatchesEnableNonSecurity the list is of security updates.
	if p.named(b.Approved) && (b.OS == windows || p.Security || b.NonSecurity) {
		return verdict{Status: types.PatchDeploymentStatusExplicitApproved, Level: b.Level, When: p.Released}
	}
	if !fitAll(b.Global, p) {
		return verdict{}
	}
	var best verdict
	for _, r := range b.Rules {
		if !fitAll(r.Conditions, p) || (b.OS != windows && !p.Security && !r.NonSecurity && p.Classification != "Bugfix") {
			continue
		}
		v := r.approves(p, now)
		if best.Status == "" || (v.approved() && !best.approved()) || (v.approved() == best.approved() && v.When.Before(best.When)) {
			best = v
		}
	}
	return best
}

// approves says since or from when a rule approves what it matches. Days are
// those of UTC: all that was released on one day is approved on one day.
func (r rule) approves(p *patch, now time.Time) verdict {
	v := verdict{Status: types.PatchDeploymentStatusApproved, Level: r.Level}
	day := p.Released.UTC().Truncate(24 * time.Hour)
	if r.Until != "" {
		last, err := time.Parse(time.DateOnly, r.Until)
		if err != nil || day.After(last) {
			return verdict{}
		}
		v.When = day
		return v
	}
	if p.Released.IsZero() {
		return v // no date to count from, as with Debian and Ubuntu
	}
	v.When = day.AddDate(0, 0, int(r.After))
	if now.Before(v.When) {
		v.Status = types.PatchDeploymentStatusPendingApproval
	}
	return v
}

// named tells whether a list of approved or rejected patches has the patch:
// its name, with version, architecture or both, or its advisory, with * for
// anything. Source: User Guide, "Package name formats for approved and rejected
// patch lists".
func (p *patch) named(list []string) bool {
	_, plain, ok := strings.Cut(p.Version, ":")
	if !ok {
		plain = p.Version
	}
	return slices.ContainsFunc(list, func(pattern string) bool {
		for _, v := range []string{p.Version, plain} {
			for _, form := range []string{
				p.Name, p.id(), p.Name + "=" + v, p.Name + "-" + v, p.Name + "-" + v + "." + p.Arch, p.Name + "." + v, p.Name + ":" + p.Arch, p.Advisory,
			} {
				if form != "" && glob(pattern, form) {
					return true
				}
			}
		}
		return false
	})
}

// glob matches a text against a pattern in which * stands for anything.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

// family is the product family of an operating system.
func family(os string) string {
	if os == windows {
		return "Windows"
	}
	words := strings.Fields(strings.ReplaceAll(strings.ToLower(os), "_", " "))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

func (p *patch) describe() *types.Patch {
	out := &types.Patch{
		Name: &p.Name, Title: new(p.Name + " " + p.Version), Version: api.Optional(p.Version), Arch: api.Optional(p.Arch), Repository: api.Optional(p.Repository),
		Classification: api.Optional(p.Classification), Severity: api.Optional(p.Severity), Product: api.Optional(p.Product), ProductFamily: new(family(p.OS)), CVEIds: p.CVEs,
	}
	if p.Advisory != "" {
		out.AdvisoryIds = []string{p.Advisory}
	}
	if !p.Released.IsZero() {
		out.ReleaseDate = &p.Released
	}
	return out
}
