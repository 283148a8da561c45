// Package tamachi_test holds the rules of the whole house: who may import
// whom, what every package says of itself, and what every row must withstand.
package tamachi_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floor says what the code of a folder may import.
type floor struct {
	folder string   // "internal/store"; "/*" is one folder below, "/**" the folder and all below
	may    []string // folders of the house that it may import, besides those below itself where folder ends in /**
	never  []string // other packages that it must not import
}

// vocabulary are the folders that hold words only: interfaces, structs, errors.
var vocabulary = []string{"internal/desktops", "internal/directory", "internal/notify", "internal/nodes"}

// anything is what house, commands and whole-house tests may import.
var anything = []string{"internal/**"}

// floors is the table of allowed imports. The first line that fits a folder holds; a folder that
// fits none has no place in the house.
var floors = []floor{
	{folder: "internal/clock"},
	{folder: "internal/id"},
	{folder: "internal/blob", may: list("id"), never: []string{"net/http"}},
	{folder: "internal/bus"},
	{folder: "internal/arn"},
	{folder: "internal/eventpattern", never: []string{"net/http", "os", "time"}},
	{folder: "internal/webhook"},
	{folder: "internal/schedule", never: []string{"net/http", "os"}},
	{folder: "internal/config"},
	{folder: "internal/proof", never: outside()},
	{folder: "internal/seal", never: []string{"net/http"}},
	{folder: "internal/ca", may: list("clock", "id")},
	{folder: "internal/aws/api", may: list("arn")},
	{folder: "internal/aws/model", may: list("arn")},
	{folder: "internal/aws/reference"},
	{folder: "internal/policy", may: list("arn"), never: []string{"net/http", "os", "time"}},
	{folder: "internal/policy/cases", may: list("policy"), never: []string{"net/http", "os"}},
	{folder: "internal/policy/reference", may: list("policy", "policy/cases"), never: []string{"net/http", "os"}},
	{folder: "internal/netpath", never: []string{"net/http", "os", "time"}},
	{folder: "internal/aws/sigv4", may: list("aws/api", "clock")},
	{folder: "internal/aws/gate", may: list("aws/api", "arn", "aws/model", "clock", "id", "policy"), never: []string{"net/http"}},
	{folder: "internal/aws/wire/**", may: list("aws/api", "aws/model", "aws/sigv4", "clock", "id")},
	{
		folder: "internal/aws/services/ssm/**", may: room(),
		never: []string{"net/http"},
	},
	{folder: "internal/aws/services/cloudwatch/**", may: room(), never: []string{"net/http"}},
	{folder: "internal/aws/services/ec2/**", may: append(list("netpath"), room()...), never: []string{"net/http"}},
	{folder: "internal/aws/services/*", may: room(), never: []string{"net/http"}},
	{folder: "internal/aws/apitest", may: append(list("agent", "aws/**", "store", "clock", "id", "arn", "bus", "policy", "config", "house",
		"webaccess", "desktops/fake", "directory/fake", "notify/fake"), vocabulary...)},
	{folder: "internal/engine/*", may: append(list("aws/api", "store", "bus", "clock", "id"), vocabulary...), never: []string{"net/http"}},
	{folder: "internal/store/**", may: list("clock", "bus")},
	{folder: "internal/agent/**", may: list("clock", "id", "schedule")},
	{folder: "internal/webaccess/*", may: list("id"), never: []string{"net/http"}},
	{folder: "internal/webaccess", may: list("clock", "id", "desktops", "webaccess/recording")},
	{folder: "internal/nodes", may: list("clock", "id"), never: outside()},
	{folder: "internal/desktops", may: list("clock", "id", "netpath"), never: outside()},
	{folder: "internal/directory", may: list("clock", "id"), never: outside()},
	{folder: "internal/notify", may: list("clock", "id"), never: outside()},
	{folder: "internal/nodes/*", may: list("nodes", "clock", "id")},
	{folder: "internal/directory/*", may: list("directory", "clock", "id")},
	{folder: "internal/notify/*", may: list("notify", "clock", "id")},
	{folder: "internal/desktops/local/**", may: list("desktops", "clock", "id", "netpath")},
	{folder: "internal/desktops/incus", may: list("desktops", "desktops/local/image", "desktops/local/inside", "desktops/local/network", "desktops/local/setup", "desktops/local/volume/btrfs", "clock", "id", "netpath")},
	{folder: "internal/desktops/desktopstest", may: list("desktops", "desktops/local/volume/btrfs", "clock", "id", "netpath")},
	{folder: "internal/desktops/*", may: list("desktops", "clock", "id", "netpath")},
	{folder: "internal/desk/**", may: list("arn", "aws/reference", "clock", "config", "netpath", "notify", "policy")},
	{folder: "internal/house/**", may: anything},
	{folder: "internal/console"},
	{folder: "cmd/*", may: anything},
	{folder: "e2e/**", may: anything},
	{folder: "bench/**", may: []string{"internal/**", "e2e/**"}},
	{folder: ".", may: anything},
}

func list(names ...string) []string {
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, "internal/"+n)
	}
	return out
}

// room is what a room may import: never another room, the gate, the wire or a
// provider.
func room() []string {
	return append(list("aws/api", "arn", "aws/model", "aws/reference", "blob", "policy", "store", "seal", "proof", "clock", "id", "schedule", "eventpattern"), vocabulary...)
}

// outside are packages that a vocabulary must not need: it holds no I/O.
func outside() []string { return []string{"net/http", "os", "os/exec", "database/sql"} }

const module = "tamachi/"

// fits tells whether a folder stands where a pattern says.
func fits(pattern, folder string) bool {
	if below, ok := strings.CutSuffix(pattern, "/**"); ok {
		return folder == below || strings.HasPrefix(folder, below+"/")
	}
	if below, ok := strings.CutSuffix(pattern, "/*"); ok {
		return path.Dir(folder) == below
	}
	return folder == pattern
}

func floorOf(folder string) (floor, bool) {
	i := slices.IndexFunc(floors, func(f floor) bool { return fits(f.folder, folder) })
	if i < 0 {
		return floor{}, false
	}
	return floors[i], true
}

// refuses says why code in folder must not import a package, or "".
func refuses(folder, imported string) string {
	f, ok := floorOf(folder)
	if !ok {
		return "the folder stands on no floor; give it one in arch_test.go"
	}
	if slices.Contains(f.never, imported) {
		return fmt.Sprintf("%s must not import %s", f.folder, imported)
	}
	target, ours := strings.CutPrefix(imported, module)
	if !ours || target == folder {
		return ""
	}
	if strings.HasSuffix(f.folder, "/**") && fits(f.folder, target) {
		return ""
	}
	if slices.ContainsFunc(f.may, func(may string) bool { return fits(may, target) }) {
		return ""
	}
	return fmt.Sprintf("%s may import %v, not %s", f.folder, f.may, target)
}

// source is one Go file of the product.
type source struct {
	folder, name string
	file         *ast.File
	set          *token.FileSet
	lines        int
	test         bool
}

// sources reads every Go file under root but those of tools, which is a module
// of its own.
func sources(t *testing.T, root string, mode parser.Mode) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && p != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "tools") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(base) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, p, nil, mode)
		if err != nil {
			return err
		}
		out = append(out, source{
			folder: filepath.ToSlash(filepath.Dir(rel)), name: base, file: file, set: set,
			lines: set.File(file.Pos()).LineCount(), test: strings.HasSuffix(base, "_test.go"),
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no Go file under %s", root)
	}
	return out
}

// importFaults checks the import table over a tree. Tests may import more than
// their package, to check it from outside; only the desk's never touch the
// ground floor, because the desk must work on a real account alike.
func importFaults(files []source) []string {
	var faults []string
	for _, s := range files {
		where := path.Join(s.folder, s.name)
		if _, ok := floorOf(s.folder); !ok {
			faults = append(faults, where+": "+refuses(s.folder, ""))
			continue
		}
		for _, spec := range s.file.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			why := ""
			if !s.test {
				why = refuses(s.folder, imported)
			} else if fits("internal/desk/**", s.folder) && strings.HasPrefix(imported, module+"internal/aws") {
				why = "the desk goes down by the front door only, in its tests too"
			}
			if why != "" {
				faults = append(faults, where+": "+why)
			}
		}
	}
	return faults
}

func TestImportsFollowTheTable(t *testing.T) {
	for _, fault := range importFaults(sources(t, ".", parser.ImportsOnly)) {
		t.Error(fault)
	}
}

func TestTheImportTableRefuses(t *testing.T) {
	for _, c := range []struct{ name, folder, imported, why string }{
		{"a room that imports another room", "internal/aws/services/ssm", "tamachi/internal/aws/services/sts", "may import"},
		{"a room that imports the wire", "internal/aws/services/sts", "tamachi/internal/aws/wire", "may import"},
		{"a room that imports a provider", "internal/aws/services/workspaces", "tamachi/internal/desktops/local", "may import"},
		{"a room that speaks HTTP", "internal/aws/services/sts", "net/http", "must not import"},
		{"a desk that knows a room", "internal/desk/morning", "tamachi/internal/aws/services/workspaces", "may import"},
		{"an agent that knows the gateway's words", "internal/agent", "tamachi/internal/nodes", "may import"},
		{"a clock that imports anything of ours", "internal/clock", "tamachi/internal/id", "may import"},
		{"a policy with a clock", "internal/policy", "time", "must not import"},
		{"a provider that knows a room", "internal/desktops/local", "tamachi/internal/aws/services/workspaces", "may import"},
		{"an engine that knows a room", "internal/engine/provision", "tamachi/internal/aws/services/workspaces", "may import"},
		{"a vocabulary with I/O", "internal/nodes", "os", "must not import"},
		{"a folder without a floor", "internal/util", "fmt", "stands on no floor"},
		{"a folder below a leaf", "internal/clock/fast", "fmt", "stands on no floor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if why := refuses(c.folder, c.imported); !strings.Contains(why, c.why) {
				t.Errorf("got %q, want a refusal that says %q", why, c.why)
			}
		})
	}
	for _, c := range []struct{ name, folder, imported string }{
		{"a wing that imports its own room", "internal/aws/services/ssm", "tamachi/internal/aws/services/ssm/runcommand"},
		{"a room that imports a vocabulary", "internal/aws/services/workspaces", "tamachi/internal/desktops"},
		{"a codec that imports the codec's words", "internal/aws/wire/awsjson", "tamachi/internal/aws/wire/codec"},
		{"the house that imports a room", "internal/house", "tamachi/internal/aws/services/sts"},
		{"a foreign module", "internal/store", "modernc.org/sqlite"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if why := refuses(c.folder, c.imported); why != "" {
				t.Errorf("got %q, want it allowed", why)
			}
		})
	}
}
