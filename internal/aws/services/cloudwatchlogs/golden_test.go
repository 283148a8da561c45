package cloudwatchlogs

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	const account, region, name = "111122223333", "ap-northeast-1", "/aws/workspaces/connection"
	storetest.Golden(t, &groups, &group{
		ID: "0123456789abcdef", Name: name, Account: account, Region: region, Created: at, Class: "STANDARD", Retention: 30, Protected: true,
		Tags: map[string]string{"k": "v"},
	})
	storetest.Golden(t, &streams, &stream{ID: "fedcba9876543210", Group: "0123456789abcdef", Name: "a/b", Created: 1, First: 2, Last: 3, Ingested: 4, Seq: 5})
	storetest.Golden(t, &chunks, &chunk{
		Group: "0123456789abcdef", Stream: "fedcba9876543210", Seq: 5, First: 1_795_000_000_000, Ingested: 1_795_000_000_100,
		Offsets: []int64{0, 7}, Messages: []string{"one", "two"},
	})
	storetest.Golden(t, &usages, &usage{Group: "0123456789abcdef", Bytes: 58, Due: "d"})
	storetest.Golden(t, &duties, &duty{At: 1_795_000_000_000, Kind: dutyExpire, Account: account, Region: region, Group: "0123456789abcdef", Ref: name})
	storetest.Golden(t, &exports, &export{
		ID: "t", Name: "n", Account: account, Region: region, Group: name, GroupID: "0123456789abcdef", Streams: "p", From: 1, To: 2, Bucket: "b",
		Prefix: "e", Status: "RUNNING", Message: "m", Created: 3, Completed: 4, Stream: "s", Part: 5, Cut: "c",
	})
}
