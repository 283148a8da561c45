package image

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Item is one line of the acceptance list and how it stands.
type Item struct {
	Kind     string      `json:"kind"` // image, patches, antivirus, program, probe
	Name     string      `json:"name"`
	OK       bool        `json:"ok"`
	Evidence report.Line `json:"evidence"`
	Next     string      `json:"next,omitempty"` // the command that helps
}

// Check is the acceptance of an image.
type Check struct {
	Facts
	Items []Item `json:"items"`
}

// Missing are the items that an image does not pass by.
func (c *Check) Missing() []Item {
	return slices.DeleteFunc(slices.Clone(c.Items), func(i Item) bool { return i.OK })
}

func (c *Check) item(kind, name string, ok bool, next string, m report.Message, pairs ...any) {
	if ok {
		next = ""
	}
	c.Items = append(c.Items, Item{kind, name, ok, report.Say(m, pairs...), next})
}

// judge compares what is known with the list.
func judge(f Facts, want settings.Acceptance) *Check {
	c := &Check{Facts: f, Items: []Item{}}
	if f.State != "" && f.State != "AVAILABLE" {
		c.item("image", f.Image, false, "", text.ImageState, "state", f.State)
	}
	if want.Patches.Within > 0 {
		c.patches(want.Patches)
	}
	if len(want.Antivirus.Any) > 0 {
		c.antivirus(want.Antivirus)
	}
	for _, p := range want.Programs {
		c.program(p)
	}
	for i, p := range want.Probes {
		c.probe(p, i)
	}
	return c
}

// shown is how many patches a line names.
const shown = 5

func (c *Check) patches(want settings.Patches) {
	const name = "patches"
	scan := plan.Shell("aws", "ssm", "send-command", "--document-name", "AWS-RunPatchBaseline", "--instance-ids", c.Node.ID, "--parameters", "Operation=Scan")
	install := strings.Replace(scan, "Operation=Scan", "Operation=Install", 1)
	p := c.Patches
	if p == nil {
		c.item(name, name, false, scan, text.NoScan)
		return
	}
	at := stamp(p.At)
	bad := p.Missing + p.Failed
	switch {
	case bad > want.Missing:
		names := p.Names
		if len(names) > shown {
			names = append(slices.Clone(names[:shown]), "...")
		}
		c.item(name, name, false, install, text.PatchesMissing, "n", bad, "names", strings.Join(names, ", "), "time", at)
	case p.Reboot > 0:
		c.item(name, name, false, c.reboot(), text.PatchesPending, "n", p.Reboot)
	case c.At.Sub(p.At) > want.Within:
		c.item(name, name, false, scan, text.ScanOld, "time", at, "within", want.Within)
	case !c.Made.IsZero() && p.At.After(c.Made):
		// What was installed between the image and the scan is not in the image, and
		// a scan does not tell when it was.
		c.item(name, name, true, "", text.ScannedAfter, "time", at, "made", stamp(c.Made))
	default:
		c.item(name, name, true, "", text.PatchesGood, "time", at)
	}
}

func (c *Check) reboot() string {
	if c.Desktop == "" {
		return ""
	}
	return plan.Shell("aws", "workspaces", "reboot-workspaces", "--reboot-workspace-requests", c.Desktop)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// found is the best of the programs that fit, and where it was read.
func (c *Check) found(names []string, version string) (best Installed, source string, enough bool) {
	consider := func(all []Installed, from string) {
		for _, i := range all {
			if enough || !like(i.Name, names) {
				continue
			}
			best, source, enough = i, from, version == ""
			if version != "" {
				enough, _ = reaches(i.Version, version)
			}
		}
	}
	consider(c.Inventory, "inventory")
	if c.Seen != nil {
		consider(c.Seen.Programs, "probe")
	}
	return best, source, enough
}

func (c *Check) program(want settings.Program) {
	has, source, enough := c.found(want.Names(), want.Version)
	pairs := []any{"name", has.Name, "version", has.Version, "want", want.Version, "source", source}
	switch {
	case source == "" && c.blind():
		c.item("program", want.Name, false, c.inventoryNext(), text.NothingKnown)
	case source == "":
		c.item("program", want.Name, false, "", text.NotInstalled)
	case !enough:
		c.item("program", want.Name, false, "", text.TooOld, pairs...)
	case !c.Made.IsZero() && has.At.After(c.Made):
		c.item("program", want.Name, false, "", text.InstalledAfter, append(pairs, "time", stamp(has.At), "made", stamp(c.Made))...)
	default:
		c.item("program", want.Name, true, "", text.Installed, pairs...)
	}
}

// blind tells that neither inventory nor probe said anything of programs.
func (c *Check) blind() bool { return len(c.Inventory) == 0 && c.Seen == nil }

func (c *Check) inventoryNext() string {
	return plan.Shell("aws", "ssm", "create-association", "--name", "AWS-GatherSoftwareInventory", "--targets", "Key=InstanceIds,Values="+c.Node.ID)
}

func (c *Check) antivirus(want settings.Antivirus) {
	const name = "antivirus"
	has, _, there := c.found(want.Any, "")
	var newest Signatures
	if c.Seen != nil {
		for _, s := range c.Seen.Signatures {
			if like(s.Name, want.Any) && s.At.After(newest.At) {
				newest = s
			}
		}
	}
	wanted := strings.Join(want.Any, ", ")
	switch {
	case !there && newest.Name == "" && c.blind():
		c.item(name, wanted, false, c.inventoryNext(), text.NothingKnown)
	case !there && newest.Name == "":
		c.item(name, wanted, false, "", text.NotInstalled)
	case want.Within > 0 && newest.Name == "":
		c.item(name, has.Name, false, "", text.SignaturesUnknown)
	case want.Within > 0 && c.At.Sub(newest.At) > want.Within:
		c.item(name, newest.Name, false, "", text.SignaturesOld, "time", stamp(newest.At), "within", want.Within)
	case newest.Name != "":
		c.item(name, newest.Name, true, "", text.SignaturesGood, "time", stamp(newest.At))
	default:
		c.item(name, has.Name, true, "", text.Installed, "name", has.Name, "version", has.Version, "source", "inventory")
	}
}

// longest is how much of a probe's output is shown.
const longest = 120

func (c *Check) probe(want settings.ImageProbe, i int) {
	if c.Seen == nil || i >= len(c.Seen.Answers) {
		c.item("probe", want.Name, false, "", text.NotAsked)
		return
	}
	a := c.Seen.Answers[i]
	said := []rune(strings.TrimSpace(a.Output))
	if len(said) > longest {
		said = append(said[:longest], '…')
	}
	pairs := []any{"output", string(said), "want", want.Want, "code", a.Code}
	switch {
	case !a.Asked:
		c.item("probe", want.Name, false, "", text.OtherSystem)
	case a.Code != "0":
		c.item("probe", want.Name, false, "", text.ProbeFailed, pairs...)
	case want.Want != "" && !matches(want.Want, a.Output):
		c.item("probe", want.Name, false, "", text.ProbeDiffers, pairs...)
	default:
		c.item("probe", want.Name, true, "", text.ProbeGood, pairs...)
	}
}

func matches(pattern, output string) bool {
	ok, err := regexp.MatchString("(?m)"+pattern, output)
	return err == nil && ok
}
