package tamachi_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// A rule of CONTRIBUTING.md that can be seen in the code. find lists what
// breaks it; breach is code that does, so that the rule is known to be held.
var rules = []struct {
	name   string
	find   func([]source) []string
	folder string // of the breach
	file   string
	breach string
}{
	{
		"functions are shorter than 60 lines", longFunctions,
		"internal/arn", "long.go", "package arn\nfunc long() {" + strings.Repeat("\n\t_ = 1", 61) + "\n}\n",
	},
	{
		"packages are nouns that say something", emptyNames,
		"internal/aws/services/helper", "helper.go", "package helper\n",
	},
	{
		"no file drops out of a build by its name", namesOfSystems,
		"internal/aws/services/ssm/maintenancewindows", "op_describe_windows.go", "package maintenancewindows\n",
	},
	{
		"no test sleeps", sleepers,
		"internal/bus", "bus_test.go", "package bus\nimport \"time\"\nfunc f() { time.Sleep(1) }\n",
	},
	{
		"operations start no goroutines", goroutinesOfRooms,
		"internal/aws/services/sts", "op_AssumeRole.go", "package sts\nfunc f() { go f() }\n",
	},
	{
		"an operation has at most one update", updatesOfOperations,
		"internal/aws/services/sts", "op_AssumeRole.go", "package sts\nfunc f() { s.store.Update(ctx, f); s.store.Update(ctx, f) }\n",
	},
	{
		"package variables are never changed", changedVariables,
		"internal/arn", "arn.go", "package arn\nvar known = map[string]bool{}\nfunc f() { known[\"x\"] = true }\n",
	},
	{
		"what reads a stranger's text has a fuzz target", unfuzzed,
		"internal/arn/fresh", "fresh.go", "package fresh\nfunc Parse(text string) error { return nil }\n",
	},
	{
		"what is stored has a golden form", withoutGolden,
		"internal/aws/services/fresh", "fresh.go", "package fresh\nvar t = store.Table[record]{Name: \"fresh.records\"}\n",
	},
	{
		"no test is skipped", skippers,
		"internal/bus", "bus_test.go", "package bus\nfunc TestX(t *testing.T) { t.Skip() }\n",
	},
	{
		"nothing runs by being imported", initializers,
		"internal/bus", "bus.go", "package bus\nfunc init() {}\n",
	},
	{
		"files are shorter than 600 lines", longFiles,
		"internal/bus", "bus.go", "package bus\n" + strings.Repeat("\n", 601),
	},
}

func TestHouseRulesAreKept(t *testing.T) {
	files := sources(t, ".", parser.ParseComments)
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			for _, fault := range rule.find(files) {
				t.Error(fault)
			}
		})
	}
}

// Each rule finds its breach and nothing in code that keeps it.
func TestHouseRulesAreHeldByTheirTests(t *testing.T) {
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			if faults := rule.find([]source{planted(t, rule.folder, rule.file, rule.breach)}); len(faults) != 1 {
				t.Errorf("found %q, want the one breach", faults)
			}
			if faults := rule.find([]source{planted(t, "internal/arn", "good.go", "package arn\n\nfunc f() {}\n")}); len(faults) != 0 {
				t.Errorf("found %q in code that breaks no rule", faults)
			}
		})
	}
}

// planted is code that stands nowhere.
func planted(t *testing.T, folder, name, code string) source {
	t.Helper()
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, code, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return source{folder: folder, name: name, file: f, set: set, lines: set.File(f.Pos()).LineCount(), test: strings.HasSuffix(name, "_test.go")}
}

func (s source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", path.Join(s.folder, s.name), s.set.Position(n.Pos()).Line)
}

const maxFunction = 60

// longFunctions measures what lies between a function's braces. Tables of rows
// are no code to follow: tests and tables of contents may be longer.
func longFunctions(files []source) (faults []string) {
	for _, s := range files {
		if s.test || ast.IsGenerated(s.file) {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil || f.Name.Name == "Operations" {
				continue
			}
			if n := s.set.Position(f.Body.Rbrace).Line - s.set.Position(f.Body.Lbrace).Line - 1; n > maxFunction {
				faults = append(faults, fmt.Sprintf("%s: %s has %d lines, want at most %d", s.at(f), f.Name.Name, n, maxFunction))
			}
		}
	}
	return faults
}

func emptyNames(files []source) (faults []string) {
	seen := map[string]bool{}
	for _, s := range files {
		name := path.Base(s.folder)
		if !seen[s.folder] && slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "types", "manager", "base", "core"}, name) {
			seen[s.folder] = true
			faults = append(faults, s.folder+": say what it does")
		}
	}
	return faults
}

// systems are words that `go build` reads at the end of a file's name.
var systems = []string{"windows", "linux", "darwin", "freebsd", "netbsd", "openbsd", "plan9", "solaris", "android", "ios", "js", "wasm", "amd64", "arm64", "arm", "386", "unix"}

func namesOfSystems(files []source) (faults []string) {
	for _, s := range files {
		stem := strings.TrimSuffix(strings.TrimSuffix(s.name, ".go"), "_test")
		if i := strings.LastIndexByte(stem, '_'); i >= 0 && slices.Contains(systems, strings.ToLower(stem[i+1:])) {
			faults = append(faults, path.Join(s.folder, s.name)+": other systems would build without it")
		}
	}
	return faults
}

func sleepers(files []source) (faults []string) {
	bubbles := map[string]bool{} // folders whose tests run in synctest's, where no time passes
	for _, s := range files {
		if slices.ContainsFunc(s.file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"testing/synctest"` }) {
			bubbles[s.folder] = true
		}
	}
	for _, s := range files {
		if !s.test || bubbles[s.folder] {
			continue // the linter forbids it elsewhere
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					faults = append(faults, s.at(sel)+": wait for what is wanted")
				}
			}
			return true
		})
	}
	return faults
}

// runners are the files of rooms that have a Run of their own, which package
// house starts and waits for.
var runners []string

func goroutinesOfRooms(files []source) (faults []string) {
	for _, s := range files {
		where := path.Join(s.folder, s.name)
		if s.test || !fits("internal/aws/services/**", s.folder) || slices.Contains(runners, where) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				faults = append(faults, s.at(g)+": engines do what takes time")
			}
			return true
		})
	}
	return faults
}

func updatesOfOperations(files []source) (faults []string) {
	for _, s := range files {
		if s.test || !strings.HasPrefix(s.name, "op_") {
			continue
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			calls := 0
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Update" && len(call.Args) == 2 {
						calls++
					}
				}
				return true
			})
			if calls > 1 {
				faults = append(faults, fmt.Sprintf("%s: %s has %d updates; the first would stay when the second fails", s.at(f), f.Name.Name, calls))
			}
		}
	}
	return faults
}

// changedVariables finds assignments to variables of the package. Names that a
// file declares itself are told apart by the parser, those of the package's
// other files by being declared nowhere in this one.
func changedVariables(files []source) (faults []string) {
	global := map[string]map[string]bool{}
	for _, s := range files {
		for name, o := range s.file.Scope.Objects {
			if o.Kind == ast.Var && !s.test {
				if global[s.folder] == nil {
					global[s.folder] = map[string]bool{}
				}
				global[s.folder][name] = true
			}
		}
	}
	for _, s := range files {
		if s.test {
			continue
		}
		check := func(target ast.Expr, n ast.Node) {
			if x, ok := target.(*ast.IndexExpr); ok {
				target = x.X
			}
			id, ok := target.(*ast.Ident)
			if !ok || !global[s.folder][id.Name] {
				return
			}
			if id.Obj == nil || id.Obj == s.file.Scope.Objects[id.Name] {
				faults = append(faults, fmt.Sprintf("%s: %s is a variable of the package", s.at(n), id.Name))
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, target := range n.Lhs {
					if n.Tok != token.DEFINE {
						check(target, n)
					}
				}
			case *ast.IncDecStmt:
				check(n.X, n)
			}
			return true
		})
	}
	return faults
}

// reads recognizes a function that reads a text from outside.
func reads(f *ast.FuncDecl) bool {
	name := f.Name.Name
	return f.Recv == nil && (name == "Parse" || strings.HasPrefix(name, "Parse") && ast.IsExported(name))
}

// unfuzzed finds packages with an exported Parse function and no fuzz target.
func unfuzzed(files []source) (faults []string) {
	parses, fuzzes := map[string]string{}, map[string]bool{}
	for _, s := range files {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if s.test && strings.HasPrefix(f.Name.Name, "Fuzz") {
				fuzzes[s.folder] = true
			}
			if !s.test && reads(f) {
				parses[s.folder] = s.at(f)
			}
		}
	}
	for folder, at := range parses {
		if !fuzzes[folder] {
			faults = append(faults, at+": the package reads text and has no fuzz target")
		}
	}
	return faults
}

// withoutGolden finds packages with more tables than stored forms that their
// tests compare.
func withoutGolden(files []source) (faults []string) {
	tables, golden := map[string][]string{}, map[string]int{}
	for _, s := range files {
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if made, ok := n.Type.(*ast.IndexExpr); ok && !s.test && (selects(made.X, "store", "Table") || selects(made.X, "store", "Journal")) {
					tables[s.folder] = append(tables[s.folder], s.at(n))
				}
			case *ast.CallExpr:
				if s.test && (selects(n.Fun, "storetest", "Golden") || selects(n.Fun, "storetest", "GoldenLine")) {
					golden[s.folder]++
				}
			}
			return true
		})
	}
	for folder, at := range tables {
		if len(at) > golden[folder] && !fits("internal/store/**", folder) {
			faults = append(faults, fmt.Sprintf("%s: %d golden files for the tables of %v; who sees that a stored form changes?", folder, golden[folder], at))
		}
	}
	return faults
}

// selects recognizes pkg.Name.
func selects(x ast.Expr, pkg, name string) bool {
	sel, ok := x.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != name {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == pkg
}

func skippers(files []source) (faults []string) {
	for _, s := range files {
		if !s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && skips(call) {
				faults = append(faults, s.at(call)+": a test that skips is a test that cannot fail")
			}
			return true
		})
	}
	return faults
}

// skips recognizes t.Skip, t.Skipf and t.SkipNow.
func skips(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !strings.HasPrefix(sel.Sel.Name, "Skip") {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && (x.Name == "t" || x.Name == "b" || x.Name == "tb")
}

func initializers(files []source) (faults []string) {
	for _, s := range files {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				faults = append(faults, s.at(f)+": init; lists of what exists stand in package house")
			}
		}
	}
	return faults
}

// maxLines is the length at which a file must be split.
const maxLines = 600

func longFiles(files []source) (faults []string) {
	for _, s := range files {
		if s.lines > maxLines && !ast.IsGenerated(s.file) {
			faults = append(faults, fmt.Sprintf("%s: %d lines, want at most %d", path.Join(s.folder, s.name), s.lines, maxLines))
		}
	}
	return faults
}
