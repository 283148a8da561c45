package webaccess

import (
	"fmt"
	"slices"
	"testing"

	"tamachi/internal/desktops"
)

// A person's page asks again and again who records the desktop.
func TestWhoRecordsIsToldInOneOrder(t *testing.T) {
	var f filmed
	var want []string
	for i := range 8 {
		name := fmt.Sprintf("admin-%d", i)
		want = append(want, name)
		f.set(desktops.Recording{ID: fmt.Sprint(i), WorkspaceID: "ws-a", By: "arn:aws:iam::111122223333:user/" + name})
	}
	for range 20 {
		if got := f.of("ws-a"); !slices.Equal(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}
