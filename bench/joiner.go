package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tamachi/internal/desk/account/dsdata"
)

// joiner makes a hundred newcomers of one feed by one command: users, passwords,
// a group, and real desktops of the small image, each of which the command itself
// sees AVAILABLE. The same command again finds nothing to do.
func joiner(ctx context.Context, s settings) (figures []figure, err error) {
	s.image = "small"
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	directory, err := p.staff(ctx, 0)
	if err != nil {
		return nil, err
	}
	if err := dsdata.New(p.config).CreateGroup(ctx, &dsdata.CreateGroupInput{DirectoryID: directory, SAMAccountName: "CAD"}); err != nil {
		return nil, err
	}
	feed := filepath.Join(p.dir, "people.csv")
	if err := os.WriteFile(feed, []byte(newcomers(s.bulk)), 0o600); err != nil {
		return nil, err
	}
	p.env = append(p.env, "XDG_STATE_HOME="+p.dir)
	start := time.Now()
	out, _, err := p.tamachi(ctx, "joiner", "--hr", feed, "--bundle", bulkBundle, "--apply", "--yes", "--reason", "bench")
	took := time.Since(start)
	if err != nil {
		return nil, err
	}
	if want := fmt.Sprintf("all %d done and verified", 4*s.bulk); !strings.Contains(out, want) {
		return nil, fmt.Errorf("want %q, got %s", want, out)
	}
	if err := p.allThere(ctx, s.bulk); err != nil {
		return nil, err
	}
	again := time.Now()
	if out, _, err = p.tamachi(ctx, "joiner", "--hr", feed, "--bundle", bulkBundle, "--apply", "--yes"); err != nil || !strings.Contains(out, "nothing to do") {
		return nil, fmt.Errorf("want nothing more to do, got %s, %w", out, err)
	}
	note := fmt.Sprintf("tamachi joiner --apply of a feed in Japanese, small image: %d steps, each looked at before and after; the same command again, with nothing to do, took %.1f s", 4*s.bulk, time.Since(again).Seconds())
	return []figure{{name: fmt.Sprintf("joiner of %d people, real minimal desktops, end to end", s.bulk), must: "180 s (90 s)", unit: "s", values: []float64{took.Seconds()}, note: note}}, nil
}

// newcomers is a feed of so many people.
func newcomers(n int) string {
	var b strings.Builder
	b.WriteString("社員番号,アカウント,姓,名,メール,状態,グループ\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,person.%05d,武田,%d 号,person.%05d@corp.example,入社,CAD\n", 1000+i, i, i, i)
	}
	return b.String()
}
