package settings

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// Acceptance is what a golden image must have before desktops are made of it.
type Acceptance struct {
	Patches   Patches      `yaml:"patches"`
	Antivirus Antivirus    `yaml:"antivirus"`
	Programs  []Program    `yaml:"programs"`
	Probes    []ImageProbe `yaml:"probes"`
}

// Patches is what is wanted of them.
type Patches struct {
	Within  time.Duration `yaml:"within"`  // how old the last scan may be; 0 asks for no patches
	Missing int           `yaml:"missing"` // so many may be missing
}

// Antivirus is what is wanted of it.
type Antivirus struct {
	Any    []string      `yaml:"any"`    // names of programs, of which one must be there; * stands for any text
	Within time.Duration `yaml:"within"` // how old its signatures may be; 0 does not ask
}

// Program is one that must be there.
type Program struct {
	Name    string   `yaml:"name"`
	Any     []string `yaml:"any"`     // the names that it has in inventories, * stands for any text; none is Name
	Version string   `yaml:"version"` // at least: 120.0.1
}

// ImageProbe is a question to the master of the site's own.
type ImageProbe struct {
	Name       string `yaml:"name"`
	Shell      string `yaml:"shell"`
	PowerShell string `yaml:"powershell"`
	Want       string `yaml:"want"` // regular expression (RE2) that the output must match; "" asks for the exit status 0 alone
}

// Names are the names by which inventories have it.
func (p Program) Names() []string {
	if len(p.Any) == 0 {
		return []string{p.Name}
	}
	return p.Any
}

// ReadAcceptance reads an acceptance list that is a file of its own. The error
// joins every *Problem, by line.
func ReadAcceptance(r io.Reader) (*Acceptance, error) {
	a := Default().Acceptance
	root, err := decode(r, &a)
	switch {
	case err != nil:
		return nil, err
	case root == nil:
		return &a, nil
	}
	c := &checker{root: root}
	a.check(c)
	if len(c.out) > 0 {
		return nil, join(c.out)
	}
	return &a, nil
}

var numbered = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9}){0,7}$`)

// check tells what no type can say.
func (a *Acceptance) check(c *checker, path ...string) {
	wrong := func(key, text string) {
		at := append(append([]string{}, path...), strings.Split(key, ".")...)
		c.wrong(text, at...)
	}
	if a.Patches.Within < 0 || a.Patches.Missing < 0 {
		wrong("patches", "within and missing must not be below zero")
	}
	if a.Antivirus.Within < 0 || a.Antivirus.Within > 0 && len(a.Antivirus.Any) == 0 {
		wrong("antivirus", "within must not be below zero, and goes with any")
	}
	for i, p := range a.Programs {
		switch {
		case p.Name == "":
			wrong("programs", fmt.Sprintf("entry %d has no name", i+1))
		case p.Version != "" && !numbered.MatchString(p.Version):
			wrong("programs", fmt.Sprintf("%s: want a version such as 120.0.1, not %q", p.Name, p.Version))
		}
	}
	for i, p := range a.Probes {
		if p.Name == "" || p.Shell == "" && p.PowerShell == "" {
			wrong("probes", fmt.Sprintf("entry %d: want a name, and shell or powershell", i+1))
		}
		if _, err := regexp.Compile(p.Want); err != nil {
			wrong("probes", fmt.Sprintf("%s: %v", p.Name, err))
		}
	}
}
