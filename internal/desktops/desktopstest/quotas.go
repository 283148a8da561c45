package desktopstest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/volume/btrfs"
)

// Quotas is the folder in which the kernel tells of the quotas of a Btrfs file
// system, and "" for storage of another kind.
//
// The kernel gives counting up when a destroyed subvolume shares too deep a tree
// with another, and when its sums went wrong; from then on no limit holds until
// somebody asks for a new count. A provider does so whenever it is asked what a
// desktop uses.
type Quotas string

// QuotasOf tells of the file system that a folder is on.
func QuotasOf(t *testing.T, folder string) Quotas {
	t.Helper()
	_, uuid, err := btrfs.Identify(folder)
	if err != nil {
		t.Fatal(err)
	}
	return Quotas(filepath.Join("/sys/fs/btrfs", uuid, "qgroups"))
}

// counts tells whether all is counted; storage of another kind always does.
func (q Quotas) counts(t *testing.T) bool {
	t.Helper()
	if q == "" {
		return true
	}
	text, err := os.ReadFile(filepath.Join(string(q), "inconsistent"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text)) == "0"
}

// reserve is Reserve while the kernel counts.
func (s Subject) reserve(t *testing.T, id string, v Volume, name string, bytes int64) bool {
	t.Helper()
	for {
		fits := s.Reserve(t, id, v, name, bytes)
		if s.Quotas.counts(t) {
			return fits
		}
		s.Write(t, id, v, name, "") // gives back what was taken
		if _, err := s.Provider.Usage(s.context(t), id); err != nil {
			t.Fatal(err)
		}
		WaitFor(t, "the kernel to count again", func() bool { return s.Quotas.counts(t) })
	}
}

// countsAgain makes the kernel give counting up, at the end of any shared tree,
// and wants that a limit holds again.
func countsAgain(t *testing.T, s Subject) {
	if s.Quotas == "" {
		return
	}
	s.create(t, one)
	for i := range 40 { // a tree of more than one block
		s.Write(t, one, User, "some-"+strconv.Itoa(i), strings.Repeat("x", 2000))
	}
	depth := filepath.Join(string(s.Quotas), "drop_subtree_threshold")
	usual, err := os.ReadFile(depth)
	if err == nil {
		err = os.WriteFile(depth, []byte("0"), 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second copy takes the place of the first
		if _, err := s.Provider.Keep(s.context(t), one); err != nil {
			t.Fatal(err)
		}
	}
	WaitFor(t, "the kernel to give counting up", func() bool {
		unix.Sync()
		return !s.Quotas.counts(t)
	})
	if err := os.WriteFile(depth, usual, 0); err != nil {
		t.Fatal(err)
	}
	if !s.reserve(t, one, User, "large", 8<<30) || s.reserve(t, one, User, "too-large", 3<<30) {
		t.Error("11 GiB on a volume of 10: want room for 8 and none for 3 more")
	}
}
