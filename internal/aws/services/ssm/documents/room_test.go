package documents

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account  = "111122223333"
	neighbor = "444455556666"
	region   = "ap-northeast-1"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// room is the room over a store in memory.
type room struct {
	*Service
	t *testing.T
}

func newRoom(t *testing.T) *room {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return &room{Service: New(st, clock.NewFrozen(morning), Ports{}), t: t}
}

func (r *room) as(account string) context.Context {
	return api.WithCall(r.t.Context(), &api.Call{Caller: api.Caller{Type: api.IAMUser, Account: account}, Account: account, Region: region, Time: morning})
}

func text(n int) *string {
	return aws.String(fmt.Sprintf(`{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runShellScript","name":"s","inputs":{"runCommand":["echo %d"]}}]}`, n))
}

func code(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return fmt.Sprint(err)
}

func (r *room) create(name string) {
	r.t.Helper()
	if _, err := r.CreateDocument(r.as(account), &ssm.CreateDocumentInput{Name: &name, Content: text(1)}); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) update(name string, n int) error {
	_, err := r.UpdateDocument(r.as(account), &ssm.UpdateDocumentInput{Name: &name, Content: text(n)})
	return err
}

// TestANeighborReadsWhatIsShared reads a document from another account, by its
// ARN, in the versions that are shared.
func TestANeighborReadsWhatIsShared(t *testing.T) {
	r := newRoom(t)
	r.create("hello")
	if err := r.update("hello", 2); err != nil {
		t.Fatal(err)
	}
	name := arnOf(store.In(account, region), "hello")
	get := func(version string) string {
		out, err := r.GetDocument(r.as(neighbor), &ssm.GetDocumentInput{Name: &name, DocumentVersion: &version})
		if err != nil {
			return code(err)
		}
		return *out.DocumentVersion
	}
	policy := func() string {
		checks, err := r.getDocumentChecks(r.as(neighbor), &ssm.GetDocumentInput{Name: &name})
		if err != nil || len(checks) != 1 || checks[0].Resource != name {
			t.Fatalf("got %+v, %v", checks, err)
		}
		return checks[0].Policy
	}
	listed := func(owner string) int {
		out, err := r.ListDocuments(r.as(neighbor), &ssm.ListDocumentsInput{Filters: []types.DocumentKeyValuesFilter{{Key: aws.String("Owner"), Values: []string{owner}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range out.DocumentIdentifiers {
			if *d.Name != name || *d.Owner != account {
				t.Errorf("got %+v", d)
			}
		}
		return len(out.DocumentIdentifiers)
	}
	if policy() != "" || get("") != "InvalidDocumentVersion" || listed("All") != 0 {
		t.Errorf("an unshared document is open: %s, %s, %d", policy(), get(""), listed("All"))
	}
	for _, tc := range []struct{ shares, version, def, latest, class string }{
		{neighbor, "", "1", "InvalidDocumentVersion", "Private"},
		{neighbor, "$LATEST", "InvalidDocumentVersion", "2", "Private"},
		{neighbor, "$ALL", "1", "2", "Private"},
		{"all", "$DEFAULT", "1", "InvalidDocumentVersion", "Public"},
	} {
		in := &ssm.ModifyDocumentPermissionInput{Name: aws.String("hello"), PermissionType: "Share", AccountIdsToAdd: []string{tc.shares}}
		if tc.version != "" {
			in.SharedDocumentVersion = &tc.version
		}
		if tc.shares == "all" {
			in.AccountIdsToRemove = []string{neighbor}
			in.AccountIdsToAdd = []string{"all"}
		}
		if _, err := r.ModifyDocumentPermission(r.as(account), in); err != nil {
			t.Fatal(err)
		}
		if def, latest := get("$DEFAULT"), get("$LATEST"); def != tc.def || latest != tc.latest || listed(tc.class) != 1 {
			t.Errorf("%s %s: want %s and %s in the list %s, got %s and %s, %d", tc.shares, tc.version, tc.def, tc.latest, tc.class, def, latest, listed(tc.class))
		}
		want := `"AWS":["` + neighbor + `"]`
		if tc.shares == "all" {
			want = `"Principal":"*"`
		}
		if p := policy(); !strings.Contains(p, want) || !strings.Contains(p, name) {
			t.Errorf("want the policy to name %s, got %s", want, p)
		}
	}
}

func TestLimits(t *testing.T) {
	r := newRoom(t)
	r.create("doc-0")
	for n := 2; n <= maxVersions; n++ {
		if err := r.update("doc-0", n); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.update("doc-0", 1001); code(err) != "DocumentVersionLimitExceeded" {
		t.Errorf("want DocumentVersionLimitExceeded for version 1001, got %v", err)
	}
	for n := 1; n < maxDocuments; n++ {
		r.create(fmt.Sprintf("doc-%d", n))
	}
	_, err := r.CreateDocument(r.as(account), &ssm.CreateDocumentInput{Name: aws.String("doc-500"), Content: text(1)})
	if code(err) != "DocumentLimitExceeded" {
		t.Errorf("want DocumentLimitExceeded for document 501, got %v", err)
	}
	if _, err := r.CreateDocument(r.as(neighbor), &ssm.CreateDocumentInput{Name: aws.String("doc-0"), Content: text(1)}); err != nil {
		t.Errorf("another account has room of its own: %v", err)
	}
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &documents, &document{
		Name: "hello", Type: "Command", Latest: 3, Default: 2, Next: 4, Count: 2, Created: morning,
		Tags: map[string]string{"Team": "it"}, Shares: map[string]string{neighbor: "$ALL"}, Pending: 3, Approved: 2,
	})
	storetest.Golden(t, &versions, &version{
		Name: "hello", Number: 3, VersionName: "r3", DisplayName: "Hello", Content: "{}", Format: "JSON", Type: "Command", TargetType: "/",
		Requires: []need{{Name: "other", Version: "1", Type: "Command", VersionName: "r1"}}, Sha256: sum256("{}"), Created: morning,
		Reviews: []review{{Author: "arn:a", Status: "REJECTED", Reviewer: "arn:b", Comment: "no", Created: morning, Updated: morning}},
	})
	storetest.Golden(t, &shares, &share{Owner: account, Name: "hello"})
}

// FuzzContent reads any text as any type, and back from what it wrote.
func FuzzContent(f *testing.F) {
	for _, seed := range []string{
		*text(1), `{"schemaVersion":"2.0","version":"1","packages":{"_any":{"_any":{"_any":{"file":"app.zip"}}}},"files":{"app.zip":{"checksums":{"sha256":"` + strings.Repeat("0", 64) + `"},"size":9}}}`, "a: &a [x]\nb: *a\n", "schemaVersion: 2.2\nmainSteps:\n- {action: 'aws:runShellScript', name: n}\n", "a: 0x1F\nb: .inf\nc: 2026-11-22\n",
		"BEGIN:VCALENDAR\nX-CALENDAR-TYPE:DEFAULT_OPEN\nEND:VCALENDAR\n", strings.Repeat("[", 200), "? {a: b}\n: c\n", "<<: {a: 1}\n", `{"schemaVersion":"0.3","mainSteps":[{"name":"a","action":"aws:sleep","nextStep":"a"}],"parameters":{"x":{"type":"List<String>","default":[]}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for kind := range schemas {
			for _, format := range []types.DocumentFormat{"JSON", "YAML"} {
				c, err := read(text, format, kind)
				if err != nil {
					if code(err) == fmt.Sprint(err) {
						t.Fatalf("an error that is none of the API's: %v", err)
					}
					continue
				}
				c.describeParameters()
				c.platforms()
				if same, _ := c.in(format); same != text {
					t.Fatalf("want the text as it was, got %q", same)
				}
				checkBack(t, c)
			}
		}
		if _, err := read(text, "TEXT", types.DocumentTypeChangeCalendar); err != nil && code(err) == fmt.Sprint(err) {
			t.Fatalf("an error that is none of the API's: %v", err)
		}
	})
}

// checkBack wants JSON and YAML that are written to mean what was read.
func checkBack(t *testing.T, c *content) {
	t.Helper()
	j, err := parseJSON(c.root.json())
	if err != nil || j.json() != c.root.json() {
		t.Fatalf("JSON does not come back: %v\n%s", err, c.root.json())
	}
	y, err := parseYAML(c.root.yaml())
	if err != nil {
		t.Fatalf("YAML does not come back: %v\n%s", err, c.root.yaml())
	}
	if y.json() != c.root.json() {
		t.Fatalf("YAML comes back as\n%s\nwant\n%s\nof\n%s", y.json(), c.root.json(), c.root.yaml())
	}
}

// FuzzPlaces reads any text as the place of an attachment.
func FuzzPlaces(f *testing.F) {
	for _, seed := range []string{"s3://bucket/prefix", "https://s3.amazonaws.com/bucket/key", "https://b.s3.eu-west-1.amazonaws.com/k", "doc/3/file.zip", "arn:aws:ssm:eu-west-1:111122223333:document/d/1/f.py", "s3:///", "//"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, key := range types.AttachmentsSourceKey("").Values() {
			all, err := readPlaces([]types.AttachmentsSource{{Key: key, Values: []string{text}}}, map[string]string{"app.zip": ""})
			if err != nil && code(err) != "ValidationException" {
				t.Fatalf("an error that is none of the API's: %v", err)
			}
			for _, p := range all {
				if !attachmentName.MatchString(p.name) || p.reference == nil && (p.bucket == "" || p.key == "") {
					t.Fatalf("%q is read as %+v", text, p)
				}
			}
		}
	})
}
