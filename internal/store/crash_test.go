package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tamachi/internal/store"
)

type note struct {
	ID   string
	Text string
}

var notes = store.Table[note]{
	Name: "test.notes", Reach: store.Plane,
	Key:     func(n *note) string { return n.ID },
	Indexes: map[string]func(*note) string{"text": func(n *note) string { return n.Text }},
}

func putNote(ctx context.Context, s *store.Store, id, text string) error {
	return s.Update(ctx, func(tx *store.Tx) error { return notes.Put(tx, store.Scope{}, &note{ID: id, Text: text}) })
}

// putBoth writes a note and, in the same update, a line of the journal.
func putBoth(ctx context.Context, s *store.Store, id string) error {
	line, err := diary.Line(here, &happening{ID: id, At: dawn, Words: []string{id}})
	if err != nil {
		return err
	}
	return putNote(store.Alongside(ctx, func(tx *store.Tx) error {
		_, err := diary.Write(tx, 0, line)
		return err
	}), s, id, "kept")
}

// writeUntilKilled is the other process: four goroutines write records and
// lines of a journal, and say on stdout what was acknowledged; another indexes.
func writeUntilKilled(dir string) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Path: filepath.Join(dir, "store.db")}, &notes, &diary)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for err := s.Index(ctx); ; err = s.Index(ctx) {
			if err != nil {
				fmt.Println("error", err)
				os.Exit(1)
			}
		}
	})
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i)
				if err := putBoth(ctx, s, id); err != nil {
					fmt.Println("error", err)
					os.Exit(1)
				}
				fmt.Println(id) // one write each: lines do not mix
			}
		})
	}
	wg.Wait()
}

func TestEveryAcknowledgedRecordSurvivesKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for round := range 6 {
		for _, id := range writeAndKill(t, dir, 100*(round+1)) {
			acknowledged[id] = true
		}
		s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "store.db")}, &notes, &diary)
		if err != nil {
			t.Fatalf("reopen after kill %d: %v", round+1, err)
		}
		checkKept(t, s, acknowledged)
		checkFound(t, s, acknowledged)
		index(t, s)
		checkFound(t, s, acknowledged)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// writeAndKill starts the writer, kills it with SIGKILL when it has
// acknowledged n records, and returns all that it acknowledged.
func writeAndKill(t *testing.T, dir string, n int) (ids []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_WRITER="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		id := lines.Text()
		if strings.HasPrefix(id, "error") {
			t.Fatalf("the writer says: %s", id)
		}
		ids = append(ids, id)
		if len(ids) == n {
			if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(ids) < n {
		t.Fatalf("the writer ended (%v) after %d records, want it killed after %d", err, len(ids), n)
	}
	return ids
}

// checkFound wants each line found once by its term, and once among all.
func checkFound(t *testing.T, s *store.Store, acknowledged map[string]bool) {
	t.Helper()
	all := ever
	all.Limit = 1_000_000
	times := map[string]int{}
	for _, e := range found(t, s, here, "", all) {
		times[e.Record.ID]++
	}
	n := 0
	for id := range acknowledged {
		if times[id] != 1 {
			t.Errorf("acknowledged line %s is found %d times", id, times[id])
		}
		if n++; n%50 == 0 { // one by one takes long
			if list := found(t, s, here, id, ever); len(list) != 1 || list[0].Record.ID != id {
				t.Errorf("acknowledged line %s is not found by its term: %v", id, list)
			}
		}
	}
}

func checkKept(t *testing.T, s *store.Store, acknowledged map[string]bool) {
	t.Helper()
	err := s.View(t.Context(), func(tx *store.Tx) error {
		for id := range acknowledged {
			if _, err := notes.Get(tx, store.Scope{}, id); err != nil {
				t.Errorf("acknowledged record %s: %v", id, err)
			}
		}
		all, err := notes.List(tx, store.Scope{}, store.Page{})
		if err != nil {
			return err
		}
		byIndex, err := notes.By(tx, store.Scope{}, "text", "kept", store.Page{})
		if len(all) != len(byIndex) || len(all) < len(acknowledged) {
			t.Errorf("%d records, %d by index, %d acknowledged", len(all), len(byIndex), len(acknowledged))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := s.Changes(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	inFeed := map[string]bool{}
	for _, c := range changes {
		inFeed[c.Key] = true
	}
	for id := range acknowledged {
		if !inFeed[id] {
			t.Errorf("acknowledged record %s is not in the feed", id)
		}
	}
}

// TestFullDisk runs this binary again in namespaces of its own, where it may
// mount a file system of one megabyte.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_FULL="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("on a full disk: %v\n%s", err, out)
	}
}

// fillDisk writes until the disk is full, and checks what is left. It is a
// process of its own; what it prints is the test's complaint.
func fillDisk(dir string) int {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		fmt.Println("mount:", err)
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := store.Open(ctx, store.Options{Path: filepath.Join(dir, "store.db")}, &notes)
	if err != nil {
		fmt.Println("open:", err)
		return 1
	}
	kept := 0
	for ; err == nil; kept++ {
		err = putNote(ctx, s, fmt.Sprintf("%06d", kept), strings.Repeat("x", 2000))
	}
	kept--
	if !errors.Is(err, store.ErrNoSpace) {
		fmt.Println("want ErrNoSpace, got", err)
		return 1
	}
	if kept < 20 {
		fmt.Println("only", kept, "records fitted")
		return 1
	}
	var got int
	err = s.View(ctx, func(tx *store.Tx) error {
		all, err := notes.List(tx, store.Scope{}, store.Page{})
		got = len(all)
		return err
	})
	changes, err2 := s.Changes(ctx, "", 0)
	if err := errors.Join(err, err2); err != nil || got != kept || len(changes) != kept {
		fmt.Println("after the failure:", err, got, "records and", len(changes), "rows of the feed, want", kept)
		return 1
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=8m"); err != nil {
		fmt.Println("remount:", err)
		return 1
	}
	if err := errors.Join(putNote(ctx, s, "room", "again"), s.Close()); err != nil {
		fmt.Println("with room again:", err)
		return 1
	}
	return 0
}
