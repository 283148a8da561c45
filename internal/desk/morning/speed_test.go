package morning

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

const fleet = 10_000

// fleetFacts are recorded facts of a large fleet on a bad morning: one desktop
// in ten is in ERROR, and the trail is as long as it is read.
func fleetFacts() *Facts {
	f := storyFacts()
	f.Desktops = nil
	for i := range fleet {
		d := Desktop{
			ID: fmt.Sprintf("ws-%09d", i), Directory: directoryID, User: fmt.Sprintf("user.%05d", i), State: "AVAILABLE",
			Request: requestFor(fmt.Sprintf("user.%05d", i)),
		}
		if i%10 == 0 {
			d = failedDesktop(d.ID, d.User)
		}
		f.Desktops = append(f.Desktops, d)
	}
	for i := range mostEvents {
		e := f.Events[0]
		e.ID, e.Desktops = fmt.Sprintf("e-%d", i), nil
		for j := range account.Batch {
			e.Desktops = append(e.Desktops, fmt.Sprintf("ws-%09d", (i*account.Batch+j)%fleet))
		}
		f.Events = append(f.Events, e)
	}
	return f
}

// TestJudgeIsFast holds the figure of the pure plan: under a second for 10,000
// desktops, on a busy machine too.
func TestJudgeIsFast(t *testing.T) {
	f := fleetFacts()
	began := time.Now()
	p := judge(f, rules)
	if took := time.Since(began); took > time.Second {
		t.Errorf("want under 1s, took %s", took)
	}
	if p.Counts.Total != fleet || p.Counts.Error != fleet/10 {
		t.Errorf("want %d desktops, %d in ERROR, got %+v", fleet, fleet/10, p.Counts)
	}
}

func BenchmarkJudge(b *testing.B) {
	f := fleetFacts()
	for b.Loop() {
		judge(f, rules)
	}
}

// plane answers the reads of the check over HTTP from pages that are written
// beforehand, so that what is measured is the desk.
func plane(b *testing.B) *account.Account {
	b.Helper()
	pages := map[string][]byte{}
	for from := 0; from < fleet; from += account.Batch {
		type ws struct{ WorkspaceId, DirectoryId, UserName, State, BundleId string }
		page := struct {
			Workspaces []ws
			NextToken  string `json:",omitempty"`
		}{}
		for i := from; i < from+account.Batch; i++ {
			page.Workspaces = append(page.Workspaces, ws{fmt.Sprintf("ws-%09d", i), directoryID, fmt.Sprintf("user.%05d", i), "AVAILABLE", bundleID})
		}
		if from+account.Batch < fleet {
			page.NextToken = strconv.Itoa(from + account.Batch)
		}
		body, err := json.Marshal(page)
		if err != nil {
			b.Fatal(err)
		}
		pages[strconv.Itoa(from)] = body
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var in struct{ NextToken string }
		_ = json.Unmarshal(body, &in)
		if in.NextToken == "" {
			in.NextToken = "0"
		}
		switch target := r.Header.Get("X-Amz-Target"); {
		case strings.HasSuffix(target, ".DescribeWorkspaces"):
			_, _ = w.Write(pages[in.NextToken])
		case target == "":
			w.Header().Set("Content-Type", "text/xml")
			_, _ = io.WriteString(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		default:
			_, _ = io.WriteString(w, "{}")
		}
	}))
	b.Cleanup(server.Close)
	return account.New(aws.Config{
		Region: "ap-northeast-1", BaseEndpoint: &server.URL,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})
}

// BenchmarkMorning is the whole check over HTTP.
func BenchmarkMorning(b *testing.B) {
	a := plane(b)
	for b.Loop() {
		f, err := gather(b.Context(), eyesOf(a, clock.Real{}), time.Now().Add(-time.Hour))
		if err != nil {
			b.Fatal(err)
		}
		p := judge(f, rules)
		if p.Counts.Total != fleet {
			b.Fatalf("want %d desktops, got %d", fleet, p.Counts.Total)
		}
		if err := p.Write(io.Discard, report.English, time.UTC); err != nil {
			b.Fatal(err)
		}
	}
}
