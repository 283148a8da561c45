package cloudtrail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/seal"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

type fixture struct {
	*Service
	rec *Recorder
	ids *id.Source
	clk *clock.Frozen

	bucket *fakeBucket
}

func open(t *testing.T) fixture {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	clk := clock.NewFrozen(morning)
	ids := id.Seeded(1)
	b := &fakeBucket{name: "evidence", objects: map[string]Object{}}
	s := New(st, ids, clk, Ports{Bucket: b, Box: seal.Memory()}, Options{})
	return fixture{s, NewRecorder(st, slog.New(slog.DiscardHandler)), ids, clk, b}
}

// record writes one event at the fixture's time and moves the clock on.
func (f fixture) record(t *testing.T, change func(*api.Event)) *api.Event {
	t.Helper()
	e := &api.Event{
		ID: f.ids.TimeUUID(f.clk.Now()), Time: f.clk.Now(), Account: account, Region: region,
		Source: "workspaces.amazonaws.com", Name: "CreateWorkspaces",
		Caller:   api.Caller{Type: api.FederatedUser, Account: account, Name: "office-night", AccessKeyID: "ASIAEXAMPLE"},
		SourceIP: "127.0.0.1", UserAgent: "aws-cli", RequestID: f.ids.UUID(),
	}
	if change != nil {
		change(e)
	}
	if err := f.rec.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	f.clk.Advance(time.Second)
	return e
}

func (f fixture) lookup(t *testing.T, in *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
	t.Helper()
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: f.clk.Now()})
	return f.LookupEvents(ctx, in)
}

func by(k types.LookupAttributeKey, v string) []types.LookupAttribute {
	return []types.LookupAttribute{{AttributeKey: k, AttributeValue: aws.String(v)}}
}

func TestLookupByEachAttribute(t *testing.T) {
	f := open(t)
	const ws = "arn:aws:workspaces:ap-northeast-1:111122223333:workspace/ws-abc"
	want := f.record(t, func(e *api.Event) { e.Resources = []string{ws} })
	f.record(t, func(e *api.Event) {
		e.Name, e.Source, e.ReadOnly = "DescribeDirectories", "ds.amazonaws.com", true
		e.Caller.Name, e.Caller.AccessKeyID = "administrator", "AKIAEXAMPLE"
	})
	for key, value := range map[types.LookupAttributeKey]string{
		types.LookupAttributeKeyEventId:      want.ID,
		types.LookupAttributeKeyEventName:    "CreateWorkspaces",
		types.LookupAttributeKeyReadOnly:     "false",
		types.LookupAttributeKeyUsername:     "office-night",
		types.LookupAttributeKeyEventSource:  "workspaces.amazonaws.com",
		types.LookupAttributeKeyAccessKeyId:  "ASIAEXAMPLE",
		types.LookupAttributeKeyResourceName: "ws-abc",
		types.LookupAttributeKeyResourceType: "AWS::WorkSpaces::Workspace",
	} {
		out, err := f.lookup(t, &cloudtrail.LookupEventsInput{LookupAttributes: by(key, value)})
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		if len(out.Events) != 1 || *out.Events[0].EventId != want.ID {
			t.Errorf("%s=%s: want the one event, got %d", key, value, len(out.Events))
		}
	}
}

func TestPagesAreNewestFirstAndComplete(t *testing.T) {
	f := open(t)
	var want []string
	for range 7 {
		want = append([]string{f.record(t, func(e *api.Event) { e.Resources = []string{"arn:aws:ds:ap-northeast-1:" + account + ":directory/d-1"} }).ID}, want...)
	}
	for name, attributes := range map[string][]types.LookupAttribute{
		"all": nil, "by name": by("EventName", "CreateWorkspaces"), "by resource": by("ResourceName", "d-1"),
	} {
		var got []string
		var token *string
		for {
			out, err := f.lookup(t, &cloudtrail.LookupEventsInput{LookupAttributes: attributes, MaxResults: aws.Int32(3), NextToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range out.Events {
				got = append(got, *e.EventId)
			}
			if token = out.NextToken; token == nil {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: want %v, got %v", name, want, got)
		}
	}
}

func TestTimesBoundTheLookup(t *testing.T) {
	f := open(t)
	f.record(t, nil)
	second := f.record(t, nil)
	out, err := f.lookup(t, &cloudtrail.LookupEventsInput{StartTime: aws.Time(second.Time), EndTime: aws.Time(second.Time)})
	if err != nil || len(out.Events) != 1 || *out.Events[0].EventId != second.ID {
		t.Fatalf("want the second event only, got %v, %v", out, err)
	}
	f.clk.Advance(91 * 24 * time.Hour)
	if out, _ = f.lookup(t, &cloudtrail.LookupEventsInput{StartTime: aws.Time(morning)}); len(out.Events) != 2 {
		t.Errorf("want what is older than 90 days too, got %d events", len(out.Events))
	}
	f.clk.Advance(defaultRetention)
	if out, _ = f.lookup(t, &cloudtrail.LookupEventsInput{StartTime: aws.Time(morning)}); len(out.Events) != 0 {
		t.Errorf("want nothing older than the retention, got %d events", len(out.Events))
	}
}

func TestLookupRefuses(t *testing.T) {
	f := open(t)
	f.record(t, nil)
	f.record(t, nil)
	first, err := f.lookup(t, &cloudtrail.LookupEventsInput{MaxResults: aws.Int32(1)})
	if err != nil || first.NextToken == nil {
		t.Fatalf("want a first page with a token, got %v, %v", first, err)
	}
	for name, tc := range map[string]struct {
		in   *cloudtrail.LookupEventsInput
		want any
	}{
		"two attributes":              {&cloudtrail.LookupEventsInput{LookupAttributes: append(by("EventName", "a"), by("EventId", "b")...)}, new(*types.InvalidLookupAttributesException)},
		"an end before the start":     {&cloudtrail.LookupEventsInput{StartTime: aws.Time(morning), EndTime: aws.Time(morning.Add(-1))}, new(*types.InvalidTimeRangeException)},
		"a token that is none":        {&cloudtrail.LookupEventsInput{NextToken: aws.String("x")}, new(*types.InvalidNextTokenException)},
		"a token of another question": {&cloudtrail.LookupEventsInput{NextToken: first.NextToken, LookupAttributes: by("EventName", "a")}, new(*types.InvalidNextTokenException)},
	} {
		if _, err := f.lookup(t, tc.in); !errors.As(err, tc.want) {
			t.Errorf("%s: want %T, got %v", name, tc.want, err)
		}
	}
}

func TestAnotherAccountAndRegionSeeNothing(t *testing.T) {
	f := open(t)
	f.record(t, nil)
	for _, call := range []*api.Call{
		{Account: "999988887777", Region: region, Time: f.clk.Now()},
		{Account: account, Region: "us-east-1", Time: f.clk.Now()},
	} {
		out, err := f.LookupEvents(api.WithCall(t.Context(), call), &cloudtrail.LookupEventsInput{})
		if err != nil || len(out.Events) != 0 {
			t.Errorf("%s %s: want no events, got %d, %v", call.Account, call.Region, len(out.Events), err)
		}
	}
}

func TestAttachedEventCommitsWithTheChangeOnly(t *testing.T) {
	f := open(t)
	e := &api.Event{ID: "e-1", Time: morning, Account: account, Region: region, Name: "CreateWorkspaces"}
	ctx := f.rec.Attach(t.Context(), e)
	refused := errors.New("refused")
	if err := f.store.Update(ctx, func(*store.Tx) error { return refused }); !errors.Is(err, refused) {
		t.Fatalf("want the refusal, got %v", err)
	}
	if out, _ := f.lookup(t, &cloudtrail.LookupEventsInput{}); len(out.Events) != 0 {
		t.Fatal("a change that failed left a record of success")
	}
	if err := f.store.Update(ctx, func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if out, _ := f.lookup(t, &cloudtrail.LookupEventsInput{}); len(out.Events) != 1 {
		t.Fatalf("want the record, got %d", len(out.Events))
	}
}

func TestAResponseKnownInTimeCommitsWithTheChange(t *testing.T) {
	f := open(t)
	e := &api.Event{ID: "e-1", Time: morning, Account: account, Region: region, Name: "PutParameter"}
	said := `{"version":1}`
	e.Answer = func() json.RawMessage { return json.RawMessage(said) }
	for range 2 { // the function of an update may run more than once
		if err := f.store.Update(f.rec.Attach(t.Context(), e), func(*store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		out, _ := f.lookup(t, &cloudtrail.LookupEventsInput{})
		if len(out.Events) != 1 || !strings.Contains(*out.Events[0].CloudTrailEvent, `"responseElements":`+said) {
			t.Errorf("want one record with its response, got %+v", out.Events)
		}
		said = `{"version":2}`
	}
}

func TestAResponseKnownInTimeIsDiscreetInEveryTrail(t *testing.T) {
	f := open(t)
	e := &api.Event{
		ID: "01995f6a-4c00-7abc-8def-0123456789ab", Time: morning, Account: account, Region: region, Source: "ssm.amazonaws.com", Name: "CreateActivation",
		Resources: []string{"arn:aws:ssm:ap-northeast-1:999988887777:document/d"},
		Request:   json.RawMessage(`{"responseElements":null,"requestID":""}`), // what it is not mistaken for
	}
	e.Answer = func() json.RawMessage { return json.RawMessage(`{"activationId":"a-1","activationCode":"geheim"}`) }
	if err := f.store.Update(f.rec.Attach(t.Context(), e), func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for _, owner := range []string{account, "999988887777"} {
		ctx := api.WithCall(t.Context(), &api.Call{Account: owner, Region: region, Time: f.clk.Now()})
		out, err := f.LookupEvents(ctx, &cloudtrail.LookupEventsInput{})
		if err != nil || len(out.Events) != 1 {
			t.Fatalf("%s: want one event, got %+v, %v", owner, out, err)
		}
		record := *out.Events[0].CloudTrailEvent
		if !json.Valid([]byte(record)) || !strings.Contains(record, `"responseElements":{"activationId":"a-1"}`) || strings.Contains(record, "geheim") {
			t.Errorf("%s: want the response without the code, got %s", owner, record)
		}
	}
}

func TestRunWritesWhatWaitsWhenItEnds(t *testing.T) {
	f := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.rec.Run(ctx) }()
	f.rec.Later(ctx, &api.Event{ID: "e-1", Time: morning, Account: account, Region: region, Name: "DescribeWorkspaces"})
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if out, _ := f.lookup(t, &cloudtrail.LookupEventsInput{}); len(out.Events) != 1 {
		t.Errorf("want the event, got %d", len(out.Events))
	}
}

func TestStoredForm(t *testing.T) {
	e, _ := stored(&api.Event{
		ID: "0195", Time: morning, Account: account, Region: region, Source: "workspaces.amazonaws.com", Name: "DescribeWorkspaces", ReadOnly: true,
		Caller:    api.Caller{Type: api.IAMUser, Account: account, ARN: "arn:aws:iam::111122223333:user/administrator", UserID: "AIDAEXAMPLE", Name: "administrator", AccessKeyID: "AKIAEXAMPLE"},
		ErrorCode: "AccessDenied", ErrorMessage: "no",
		Resources: []string{"arn:aws:workspaces:ap-northeast-1:111122223333:workspace/ws-abc"},
	}, account, false)
	storetest.GoldenLine(t, &journal, e)
	storetest.Golden(t, &trails, &trail{
		Name: "office", Account: account, Region: region, Bucket: "evidence", Prefix: "logs", MultiRegion: true, GlobalEvents: true, Validation: true,
		Tags: map[string]string{"Owner": "cloud"}, Selectors: []selector{{ReadWrite: "All", Exclude: []string{"kms.amazonaws.com"}}},
		Advanced: []advanced{{Name: "writes", Fields: []field{{Name: "readOnly", Equals: []string{"false"}}}}},
		Logging:  true, Started: morning, Stopped: morning,
	})
	storetest.Golden(t, &deliveries, &delivery{
		Account: account, Trail: region + "/office", Cursor: 7, Windows: []window{{From: 1, To: 9}}, Due: morning,
		Pending:   &pending{To: 8, At: morning, More: true, Names: map[string]string{region: "ABCDEFGHIJKLMNOP"}},
		Attempted: morning, Delivered: morning, Failure: "AccessDenied", Digested: morning, DigestFailure: "NoSuchBucket", DigestDue: morning,
		Digests: map[string]*chain{region: {
			Start: morning, Ended: true, Ready: true, Previous: &link{"evidence", "k", "h", "s"},
			Files: []file{{At: morning, Bucket: "evidence", Key: "k", Hash: "h", Oldest: morning, Newest: morning}},
		}},
	})
	storetest.Golden(t, &signingKeys, &signingKey{Region: region, Fingerprint: "f", Public: []byte{1}, Sealed: []byte{2}, From: morning, To: morning})
}

type lookupOutput = cloudtrail.LookupEventsOutput

func lookupAll() *cloudtrail.LookupEventsInput { return &cloudtrail.LookupEventsInput{} }
