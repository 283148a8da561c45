package tamachi_test

import (
	"context"
	"flag"
	"fmt"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
)

//go:generate go test . -count=1 -run ^TestServicePagesAreCurrent$ -update

var update = flag.Bool("update", false, "write docs/services anew instead of comparing")

const pagesFolder = "docs/services"

// The pages under docs/services say what the plane's rooms do now.
func TestServicePagesAreCurrent(t *testing.T) {
	want := servicePages(t, apitest.Start(t, apitest.Options{}))
	if *update {
		if err := os.RemoveAll(pagesFolder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(pagesFolder, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(pagesFolder, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	have := map[string]string{}
	files, err := os.ReadDir(pagesFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(pagesFolder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		have[f.Name()] = string(text)
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("docs/services is not current; run make gen (-want +got):\n%s", diff)
	}
}

// servicePages writes a page a room and an index, by file name.
func servicePages(t *testing.T, p *apitest.Plane) map[string]string {
	t.Helper()
	rooms := map[string][]row{}
	for _, r := range rowsOf(t, p) {
		rooms[roomOf(r)] = append(rooms[roomOf(r)], r)
	}
	seen := evidence(t)
	pages := map[string]string{}
	index := generated + "# What Tamachi answers\n\n| room | operations | of |\n|---|---|---|\n"
	names := make([]string, 0, len(rooms))
	for name := range rooms {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		rows := rooms[name]
		pages[name+".md"] = page(t, p, name, rows, seen)
		index += fmt.Sprintf("| [%s](%s.md) | %d | %d |\n", name, name, len(rows), len(rows[0].service.Operations))
	}
	pages["README.md"] = index
	return pages
}

const generated = "<!-- Written by `make gen`; do not edit. -->\n\n"

// roomOf is the folder of a row's room: rooms are named as the SDK names them.
func roomOf(r row) string {
	rest, ours := strings.CutPrefix(r.In.PkgPath(), "tamachi/internal/aws/services/")
	if !ours {
		return path.Base(r.In.PkgPath())
	}
	room, _, _ := strings.Cut(rest, "/")
	return room
}

var kinds = map[api.Kind]string{
	api.KindRead: "read", api.KindWrite: "write", api.KindData: "data", api.KindStream: "stream", api.KindGuest: "stream, or a token", api.KindLink: "write, or a link",
	api.KindPublic: "public", api.KindAuthenticated: "authenticated",
}

func page(t *testing.T, p *apitest.Plane, name string, rows []row, seen clients) string {
	t.Helper()
	var b strings.Builder
	service := rows[0].service
	fmt.Fprintf(&b, "%s# %s\n\n%s\n## Operations\n\n| operation | kind | IAM actions | checked with |\n|---|---|---|---|\n", generated, name, packageText(t, name))
	offered := map[string]bool{}
	for _, r := range rows {
		offered[r.Name] = true
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.Name, kinds[r.Kind], actions(t, p, r), seen.of(r))
	}
	var gaps []string
	for op := range service.Operations {
		if !offered[op] {
			gaps = append(gaps, op)
		}
	}
	slices.Sort(gaps)
	fmt.Fprintf(&b, "\n## Gaps\n\n")
	if len(gaps) == 0 {
		b.WriteString("None: every operation of the model is offered.\n")
		return b.String()
	}
	fmt.Fprintf(&b, "%d of the %d operations of the model (%s, API version %s) are answered as AWS answers an operation that does not exist: %s.\n",
		len(gaps), len(service.Operations), service.ServiceID, service.APIVersion, strings.Join(gaps, ", "))
	return b.String()
}

// packageText is what the room says of itself.
func packageText(t *testing.T, room string) string {
	t.Helper()
	folder := filepath.Join("internal", "aws", "services", room)
	for _, file := range []string{"doc.go", room + ".go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, file), nil, parser.ParseComments|parser.PackageClauseOnly)
		if err == nil && parsed.Doc != nil {
			return string(new(doc.Package).Markdown(parsed.Doc.Text()))
		}
	}
	t.Errorf("%s: no package comment", folder)
	return ""
}

// checksOf is what must be allowed for an input; nothing for one that is not
// valid.
func checksOf(t *testing.T, p *apitest.Plane, r row, in any) []api.Check {
	t.Helper()
	_, checks := checksBy(t, p, r, p.Administrator(), in)
	return checks
}

// checksBy asks a row what a caller must be allowed for an input, and returns the
// context of that call; nothing where the input is refused before.
func checksBy(t *testing.T, p *apitest.Plane, r row, who api.Caller, in any) (context.Context, []api.Check) {
	t.Helper()
	if r.Checks == nil || r.model.Validate(in, r.model.Given(in)) != nil {
		return nil, nil
	}
	ctx := api.WithCall(t.Context(), &api.Call{
		Caller: who, Account: who.Account, Region: p.Access().Region, SourceIP: "127.0.0.1", Time: time.Now(), Service: r.service.Name, Operation: r.Name,
		Present: func(string) bool { return true },
	})
	checks, err := r.Checks(ctx, in)
	if err != nil {
		return nil, nil
	}
	return ctx, checks
}

// actions asks the row itself what must be allowed, for some valid inputs.
func actions(t *testing.T, p *apitest.Plane, r row) string {
	t.Helper()
	if r.Checks == nil {
		return "none"
	}
	tame := sampler{rnd: rand.New(rand.NewPCG(7, 8))}
	found := map[string]bool{}
	for range 50 {
		in := tame.input(t, r.model, r.In)
		for _, c := range checksOf(t, p, r, in) {
			found[c.Action] = true
		}
	}
	if len(found) == 0 {
		t.Errorf("%s: no valid sample has a check", r)
	}
	out := make([]string, 0, len(found))
	for a := range found {
		out = append(out, "`"+a+"`")
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

var (
	cliCall  = regexp.MustCompile(`(?m)^\s*(?:[!?] |until (?:'[^']*'|\S+) )?(?:exec )?aws (?:--\S+ )*([a-z0-9-]+) ([a-z0-9-]+)`)
	cliText  = regexp.MustCompile("[\"`](?:aws )?([a-z0-9-]+) ([a-z]+(?:-[a-z]+)+)")
	sdkCall  = regexp.MustCompile(`\.([A-Z][A-Za-z]+)\(`)
	sdkName  = regexp.MustCompile(`"github.com/aws/aws-sdk-go-v2/service/([a-z0-9]+)"`)
	ownAgent = regexp.MustCompile(`AmazonSSM\.([A-Z][A-Za-z]+)`)
)

// clients are the real clients that call an operation in the tests over a
// socket, by "<service> <operation>" in lower case. The service is named as in
// the model and as in the SDK.
type clients map[string][]string

func (c clients) add(service, operation, client string) {
	key := strings.ToLower(service + " " + operation)
	if !slices.Contains(c[key], client) {
		c[key] = append(c[key], client)
		slices.Sort(c[key])
	}
}

// of says how a row was checked.
func (c clients) of(r row) string {
	both := slices.Concat(c[strings.ToLower(r.String())], c[strings.ToLower(roomOf(r)+" "+r.Name)])
	slices.Sort(both)
	if both = slices.Compact(both); len(both) > 0 {
		return strings.Join(both, ", ")
	}
	return "the room's own tests"
}

// evidence reads transcripts for the AWS CLI's calls, tests over a whole plane
// for the SDK's, and our agent's source for those that it makes.
func evidence(t *testing.T) clients {
	t.Helper()
	found := clients{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && p != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			return err
		}
		switch {
		case strings.HasSuffix(p, ".txtar"):
			return each(p, func(text string) {
				for _, m := range cliCall.FindAllStringSubmatch(text, -1) {
					found.add(m[1], strings.ReplaceAll(m[2], "-", ""), "AWS CLI")
				}
			})
		case strings.HasPrefix(p, "internal/agent/") && strings.HasSuffix(p, ".go") && !strings.HasSuffix(p, "_test.go"):
			return each(p, func(text string) {
				for _, m := range ownAgent.FindAllStringSubmatch(text, -1) {
					found.add("ssm", m[1], "our agent")
				}
			})
		case strings.HasSuffix(p, "_test.go"):
			return each(p, func(text string) {
				if !strings.HasPrefix(p, "e2e/") && !strings.Contains(text, `"tamachi/internal/aws/apitest"`) {
					return
				}
				if strings.Contains(text, `"aws"`) { // the command
					for _, m := range cliText.FindAllStringSubmatch(text, -1) {
						found.add(m[1], strings.ReplaceAll(m[2], "-", ""), "AWS CLI")
					}
				}
				for _, service := range sdkName.FindAllStringSubmatch(text, -1) {
					for _, m := range sdkCall.FindAllStringSubmatch(text, -1) {
						found.add(service[1], m[1], "SDK for Go")
					}
				}
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func each(file string, read func(text string)) error {
	text, err := os.ReadFile(file)
	if err == nil {
		read(string(text))
	}
	return err
}
