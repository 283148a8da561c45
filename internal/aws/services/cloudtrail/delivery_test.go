package cloudtrail

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

func TestWhatIsLoggedIsDeliveredOnce(t *testing.T) {
	f := open(t)
	f.record(t, nil) // before the trail
	f.logging(t, nil)
	var want []string
	for range 3 {
		want = append(want, f.record(t, nil).ID)
		f.pass(t, 7*time.Minute)
	}
	f.record(t, func(e *api.Event) { e.Region = "eu-west-1" }) // not of this trail
	f.record(t, func(e *api.Event) { e.Account = "999988887777" })
	if _, err := f.StopLogging(f.ctx(t, region), &cloudtrail.StopLoggingInput{Name: aws.String("office")}); err != nil {
		t.Fatal(err)
	}
	want = append(want, f.record(t, nil).ID) // as the record of StopLogging itself, in its transaction
	f.record(t, nil)                         // after the end
	f.pass(t, 20*time.Minute)
	if got := f.bucket.delivered(t); !slices.Equal(got[region], want) || len(got) != 1 {
		t.Errorf("want each event of the time of logging once, %v, got %v", want, got)
	}
	pattern := regexp.MustCompile(`^AWSLogs/111122223333/CloudTrail/ap-northeast-1/2026/11/22/111122223333_CloudTrail_ap-northeast-1_20261122T08\d\dZ_[A-Z0-9]{16}\.json\.gz$`)
	for _, k := range f.bucket.keys("CloudTrail") {
		if !pattern.MatchString(k) {
			t.Errorf("%s is no name of a log file", k)
		}
	}
	if n := len(f.bucket.keys("CloudTrail")); n != 4 {
		t.Errorf("want a file each five minutes with events, 4, got %d", n)
	}
}

func TestATrailOfAllRegionsHasAFileForEach(t *testing.T) {
	f := open(t)
	f.logging(t, func(in *cloudtrail.CreateTrailInput) {
		in.IsMultiRegionTrail, in.S3KeyPrefix = aws.Bool(true), aws.String("office/logs")
	})
	f.record(t, nil)
	f.record(t, func(e *api.Event) { e.Source, e.Name = "iam.amazonaws.com", "CreateUser" })
	f.pass(t, 2*time.Hour)
	got := f.bucket.delivered(t)
	if len(got[region]) != 1 || len(got["us-east-1"]) != 1 {
		t.Errorf("want an event in each of two Regions, got %v", got)
	}
	for _, k := range f.bucket.keys("CloudTrail") {
		if k[:19] != "office/logs/AWSLogs" {
			t.Errorf("want the prefix before %s", k)
		}
	}
	for _, r := range []string{region, "us-east-1"} {
		if digests, logs, wrong := f.validate(t, r); digests < 1 || logs != 1 || len(wrong) > 0 {
			t.Errorf("%s: want valid digests that tell of one file, got %d, %d, %v", r, digests, logs, wrong)
		}
	}
}

func TestSelectorsDecideWhatIsDelivered(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	_, err := f.PutEventSelectors(f.ctx(t, region), &cloudtrail.PutEventSelectorsInput{
		TrailName: aws.String("office"), EventSelectors: []types.EventSelector{{ReadWriteType: types.ReadWriteTypeWriteOnly, ExcludeManagementEventSources: []string{"kms.amazonaws.com"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := f.record(t, nil)
	f.record(t, func(e *api.Event) { e.ReadOnly = true })
	f.record(t, func(e *api.Event) { e.Source = "kms.amazonaws.com" })
	f.pass(t, 10*time.Minute)
	if got := f.bucket.delivered(t); !slices.Equal(got[region], []string{want.ID}) {
		t.Errorf("want the write alone, got %v", got)
	}
}

func TestACrashBetweenFileAndCursorWritesTheSameFileAgain(t *testing.T) {
	f := open(t)
	f.logging(t, func(in *cloudtrail.CreateTrailInput) { in.IsMultiRegionTrail = aws.Bool(true) })
	f.record(t, nil)
	f.record(t, func(e *api.Event) { e.Region = "us-east-1" })
	f.clk.Advance(6 * time.Minute)
	// The first file is written, then the process ends before it can say so.
	f.bucket.broken = nil
	broken := errors.New("killed")
	full := &halting{fakeBucket: f.bucket, after: 1, err: broken}
	f.ports.Bucket = full
	if _, err := f.Upkeep(t.Context()); !errors.Is(err, broken) {
		t.Fatalf("want the end of the process, got %v", err)
	}
	first := f.bucket.keys("CloudTrail")
	again := New(f.store, f.ids, f.clk, Ports{Bucket: f.bucket, Box: f.ports.Box}, Options{})
	f.clk.Advance(time.Minute)
	if _, err := again.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if files := f.bucket.keys("CloudTrail"); len(first) != 1 || len(files) != 2 || !slices.Contains(files, first[0]) {
		t.Errorf("want the first file written again under its name and the second beside it, got %v, then %v", first, files)
	}
	if got := f.bucket.delivered(t); len(got[region]) != 1 || len(got["us-east-1"]) != 1 {
		t.Errorf("want each event once, got %v", got)
	}
}

// halting ends after some writes.
type halting struct {
	*fakeBucket
	after int
	err   error
}

func (h *halting) Deliver(ctx context.Context, o Object) error {
	if h.after == 0 {
		return h.err
	}
	h.after--
	return h.fakeBucket.Deliver(ctx, o)
}

func TestABucketThatRefusesIsToldAndTriedAgain(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	e := f.record(t, nil)
	f.bucket.refuse = "AccessDenied"
	f.pass(t, 10*time.Minute)
	status, err := f.GetTrailStatus(f.ctx(t, region), &cloudtrail.GetTrailStatusInput{Name: aws.String("office")})
	if err != nil || aws.ToString(status.LatestDeliveryError) != "AccessDenied" || status.LatestDeliveryTime != nil || *status.LatestDeliveryAttemptSucceeded != "false" {
		t.Errorf("want the bucket's refusal in the status, got %+v, %v", status, err)
	}
	f.bucket.refuse = ""
	f.pass(t, 3*time.Minute)
	if got := f.bucket.delivered(t); !slices.Equal(got[region], []string{e.ID}) {
		t.Errorf("want what waited delivered, got %v", got)
	}
	status, err = f.GetTrailStatus(f.ctx(t, region), &cloudtrail.GetTrailStatusInput{Name: aws.String("office")})
	if err != nil || status.LatestDeliveryError != nil || status.LatestDeliveryTime == nil || !*status.IsLogging {
		t.Errorf("want the error gone, got %+v, %v", status, err)
	}
}

func TestManyRecordsAreDeliveredInSeveralFiles(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	err := f.store.Update(t.Context(), func(tx *store.Tx) error {
		for n := range mostRecords + 500 {
			at := morning.Add(time.Duration(n) * time.Millisecond)
			entry, err := ready(&api.Event{ID: f.ids.TimeUUID(at), Time: at, Account: account, Region: region, Name: fmt.Sprint("E", n)})
			if err != nil {
				return err
			}
			if err := entry.write(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f.pass(t, 3*time.Minute)
	if n := len(f.bucket.keys("CloudTrail")); n != 2 {
		t.Errorf("want two files at once, got %d", n)
	}
	if got := f.bucket.delivered(t); len(got[region]) != mostRecords+500 {
		t.Errorf("want %d events, got %d", mostRecords+500, len(got[region]))
	}
}

func TestDigestsAreChainedThroughQuietHours(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	f.record(t, nil)
	f.pass(t, 3*time.Hour)
	f.record(t, nil)
	f.pass(t, 2*time.Hour)
	digests, logs, wrong := f.validate(t, region)
	if digests != 5 || logs != 2 || len(wrong) > 0 {
		t.Fatalf("want five digests of two files, got %d, %d, %v", digests, logs, wrong)
	}
	want := regexp.MustCompile(`^AWSLogs/111122223333/CloudTrail-Digest/ap-northeast-1/2026/11/22/111122223333_CloudTrail-Digest_ap-northeast-1_office_ap-northeast-1_20261122T090000Z\.json\.gz$`)
	list := f.bucket.keys("CloudTrail-Digest")
	if !want.MatchString(list[0]) {
		t.Errorf("%s is not the name of the first digest", list[0])
	}
	t.Run("a changed log is found", func(t *testing.T) {
		key := f.bucket.keys("CloudTrail")[0]
		kept := f.bucket.objects[key]
		defer func() { f.bucket.objects[key] = kept }()
		changed := kept
		changed.Body, _, _ = packed(map[string]any{"Records": []string{}})
		f.bucket.objects[key] = changed
		if _, _, wrong := f.validate(t, region); !slices.Equal(wrong, []string{"log " + key}) {
			t.Errorf("want the file named, got %v", wrong)
		}
	})
	t.Run("a log that is gone is found", func(t *testing.T) {
		key := f.bucket.keys("CloudTrail")[0]
		kept := f.bucket.objects[key]
		defer func() { f.bucket.objects[key] = kept }()
		delete(f.bucket.objects, key)
		if _, _, wrong := f.validate(t, region); !slices.Equal(wrong, []string{"log missing " + key}) {
			t.Errorf("want the file named, got %v", wrong)
		}
	})
	t.Run("a digest that is gone is found", func(t *testing.T) {
		kept := f.bucket.objects[list[2]]
		defer func() { f.bucket.objects[list[2]] = kept }()
		delete(f.bucket.objects, list[2])
		if _, _, wrong := f.validate(t, region); !slices.Equal(wrong, []string{"digest missing " + list[2]}) {
			t.Errorf("want the digest named, got %v", wrong)
		}
	})
	t.Run("a changed digest is found", func(t *testing.T) {
		kept := f.bucket.objects[list[1]]
		defer func() { f.bucket.objects[list[1]] = kept }()
		changed := kept
		changed.Body = f.bucket.objects[list[3]].Body
		f.bucket.objects[list[1]] = changed
		if _, _, wrong := f.validate(t, region); !slices.Equal(wrong, []string{"digest " + list[1]}) {
			t.Errorf("want the digest named, got %v", wrong)
		}
	})
}

func TestAPlaneThatWasOffMakesUpForItsHours(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	f.record(t, nil)
	f.clk.Advance(10 * time.Hour)
	f.pass(t, 2*time.Minute)
	if digests, logs, wrong := f.validate(t, region); digests != 10 || logs > 1 || len(wrong) > 0 {
		t.Errorf("want ten digests, got %d, %d, %v", digests, logs, wrong)
	}
	f.pass(t, time.Hour)
	if digests, logs, wrong := f.validate(t, region); digests != 11 || logs != 1 || len(wrong) > 0 {
		t.Errorf("want the file in the digest of the hour of its delivery, got %d, %d, %v", digests, logs, wrong)
	}
}

func TestTheChainEndsWithTheLogging(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	f.record(t, nil)
	f.pass(t, 30*time.Minute)
	if _, err := f.StopLogging(f.ctx(t, region), &cloudtrail.StopLoggingInput{Name: aws.String("office")}); err != nil {
		t.Fatal(err)
	}
	f.record(t, nil) // as the record of StopLogging itself
	f.pass(t, 5*time.Hour)
	if n := len(f.bucket.keys("CloudTrail-Digest")); n != 1 {
		t.Errorf("want one digest, that of the hour in which logging stopped, got %d", n)
	}
	if _, err := f.StartLogging(f.ctx(t, region), &cloudtrail.StartLoggingInput{Name: aws.String("office")}); err != nil {
		t.Fatal(err)
	}
	f.pass(t, 90*time.Minute)
	if digests, _, wrong := f.validate(t, region); digests != 1 || len(wrong) > 0 || len(f.bucket.keys("CloudTrail-Digest")) != 2 {
		t.Errorf("want a new chain of one, got %d, %v", digests, wrong)
	}
}

func TestAKeyIsSealedAnewUnderANewMaster(t *testing.T) {
	f := open(t)
	f.logging(t, nil)
	f.pass(t, 70*time.Minute)
	if err := f.ports.Box.Renew(nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.ports.Box.Forget(); err != nil {
		t.Fatal(err)
	}
	f.pass(t, time.Hour)
	if digests, _, wrong := f.validate(t, region); digests != 2 || len(wrong) > 0 {
		t.Errorf("want digests signed with the same key, got %d, %v", digests, wrong)
	}
}

func TestOldEventsAreRemoved(t *testing.T) {
	f := open(t)
	f.record(t, nil)
	f.clk.Advance(defaultRetention)
	kept := f.record(t, nil)
	if err := f.store.Index(t.Context()); err != nil { // as in the background
		t.Fatal(err)
	}
	if _, err := f.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := f.store.View(t.Context(), func(tx *store.Tx) error {
		list, err := journal.After(tx, 0, 10)
		if err != nil || len(list) != 1 || list[0].Record.ID != kept.ID {
			t.Errorf("want the new event alone, got %v, %v", list, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
