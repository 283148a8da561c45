package codec

import (
	"testing"
	"time"
)

func TestTimesInTheFormsOfClients(t *testing.T) {
	want := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, text := range []string{"2026-11-22T09:00:00Z", "2026-11-22T18:00:00+09:00", "2026-11-22T18:00:00+0900", "Sun, 22 Nov 2026 09:00:00 GMT"} {
		if got, ok := ParseTime(text); !ok || !got.Equal(want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "2026-11-22", "1790000000", "0000-01-01T00:00:00Z", "2026-11-22T09:00:00"} {
		if got, ok := ParseTime(text); ok {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

// A time that is read can be written in every form: it lies in the years that
// they have, and in whole milliseconds.
func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"2026-11-22T09:00:00.123456Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "Sun, 22 Nov 2026 09:00:00 GMT"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := ParseTime(text)
		if !ok {
			return
		}
		back, err := time.Parse(time.RFC3339Nano, got.Format(time.RFC3339Nano))
		if err != nil || !back.Equal(got) || got.Nanosecond()%int(time.Millisecond) != 0 {
			t.Errorf("%q became %v, which reads back as %v, %v", text, got, back, err)
		}
	})
}
