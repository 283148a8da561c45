package people

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/report"
)

// preflight finds what would make every new desktop fail, before the first user
// is made.
func (d *draft) preflight() {
	s := d.facts.Location
	if d.seats == 0 {
		return
	}
	fail := func(m report.Message, pairs ...any) {
		d.stop = true
		d.note(m, append(pairs, "directory", s.ID)...)
	}
	if s.State != "REGISTERED" {
		fail(text.Unregistered, "state", s.State)
	}
	if s.Stage != "Active" && s.Stage != "" {
		fail(text.Stage, "stage", s.Stage)
	}
	if s.Enabled != nil && !*s.Enabled {
		fail(text.Service, "account", s.Service)
	}
	var gone []string
	for _, step := range d.steps {
		var in seat
		if step.Do.Action == createDesktop && read(step.Do, &in) && d.facts.Bundles[in.Bundle] != "AVAILABLE" && !slices.Contains(gone, in.Bundle) {
			gone = append(gone, in.Bundle)
			fail(text.BundleGone, "bundle", in.Bundle)
		}
	}
	if s.Free >= 0 && s.Free < d.seats {
		fail(text.Space, "n", d.seats, "free", s.Free)
	}
	d.quotas(fail)
}

// quotaNames are the quotas of some compute types; that of all is called
// WorkSpaces.
// Source: WorkSpaces Administration Guide, "Amazon WorkSpaces quotas".
var quotaNames = map[types.Compute]string{
	types.ComputeGraphics: "Graphics WorkSpaces", types.ComputeGraphicspro: "GraphicsPro WorkSpaces",
	types.ComputeGraphicsG4dn: "Graphics.g4dn WorkSpaces", types.ComputeGraphicsproG4dn: "GraphicsPro.g4dn WorkSpaces",
	types.ComputeGeneralpurpose4xlarge: "GeneralPurpose.4xlarge WorkSpaces", types.ComputeGeneralpurpose8xlarge: "GeneralPurpose.8xlarge WorkSpaces",
}

// quotas compares how many desktops there would be with how many there may be.
func (d *draft) quotas(fail func(report.Message, ...any)) {
	there, more := map[string]int{}, map[string]int{}
	for compute, n := range d.facts.Seats {
		there["WorkSpaces"] += n
		there[quotaNames[compute]] += n
	}
	for _, step := range d.steps {
		var in seat
		if step.Do.Action == createDesktop && read(step.Do, &in) {
			more["WorkSpaces"]++
			more[quotaNames[d.facts.Computes[in.Bundle]]]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if most, known := d.facts.Quotas[name]; known && float64(there[name]+more[name]) > most {
			fail(text.Quota, "quota", name, "n", more[name], "there", there[name], "most", int(most))
		}
	}
}
