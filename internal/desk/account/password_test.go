package account

import (
	"bytes"
	"crypto/rand"
	"testing"
)

func TestPasswordIsOfAllKinds(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		p, err := Password(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if len(p) != 32 || seen[p] {
			t.Fatalf("want 32 characters, each time others, got %d", len(p))
		}
		seen[p] = true
	}
	if _, err := Password(bytes.NewReader(nil)); err == nil {
		t.Error("want an error without randomness")
	}
}
