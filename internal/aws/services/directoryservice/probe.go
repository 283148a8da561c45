package directoryservice

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

const (
	// between two looks at a connected directory.
	betweenProbes = 5 * time.Second
	// givesUp is how long a new connector may take to find its directory.
	givesUp = 5 * time.Minute
	// atOnce is how many directories are looked at at the same time.
	atOnce = 8
	// longestReason bounds what a stage says.
	longestReason = 400
)

// probes is when each connector is looked at next. It is forgotten with the
// process: then all are due.
type probes struct {
	mu   sync.Mutex
	next map[string]time.Time // guarded by mu; by directory id
}

// Upkeep looks at the connected directories: a new one becomes Active or Failed,
// one that does not answer Impaired, and Active again when it does. It tries new
// settings of RADIUS, and LDAPS where it was asked for.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	var rows, fresh, securing []store.Row[record]
	err = s.st.View(ctx, func(tx *store.Tx) error {
		rows, fresh, securing = nil, nil, nil
		all, err := directories.Everywhere(tx, "", "")
		for _, r := range all {
			if r.Record.Connect != nil && r.Record.Stage != string(types.DirectoryStageFailed) {
				rows = append(rows, r)
			}
			if r.Record.Radius != nil && r.Record.Radius.Status == string(types.RadiusStatusCreating) {
				fresh = append(fresh, r)
			}
			if r.Record.ldapsStatus() == types.LDAPSStatusEnabling {
				securing = append(securing, r)
			}
		}
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	var g errgroup.Group
	g.SetLimit(atOnce)
	for _, r := range s.due(rows) {
		g.Go(func() error { return s.probe(ctx, r.Scope, r.Record) })
	}
	for _, r := range fresh {
		g.Go(func() error { return s.probeRadius(ctx, r.Scope, r.Record) })
	}
	for _, r := range securing {
		g.Go(func() error { return s.tryLDAPS(ctx, r.Scope, r.Record) })
	}
	if err := g.Wait(); err != nil || len(rows) == 0 {
		return time.Time{}, err
	}
	return s.clk.Now().Add(betweenProbes), nil
}

// due are those whose time has come; each has the next one now.
func (s *Service) due(rows []store.Row[record]) (due []store.Row[record]) {
	s.probes.mu.Lock()
	defer s.probes.mu.Unlock()
	now, next := s.clk.Now(), map[string]time.Time{}
	for _, r := range rows {
		at := s.probes.next[r.Record.ID]
		if !at.After(now) {
			due = append(due, r)
			at = now.Add(betweenProbes)
		}
		next[r.Record.ID] = at
	}
	s.probes.next = next
	return due
}

// probe looks at one directory and notes what it found, if that is new.
func (s *Service) probe(ctx context.Context, sc store.Scope, seen *record) error {
	remote, err := s.remote(seen)
	if err != nil {
		return err
	}
	found, keys, failure := remote.Probe(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := s.clk.Now()
	if stage, why := seen.probed(failure, now); stage == seen.Stage && why == seen.StageReason {
		return nil
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, seen.ID)
		if errors.Is(err, directory.ErrNoDirectory) {
			return nil
		}
		if err != nil {
			return err
		}
		stage, why := r.probed(failure, now)
		if stage != r.Stage {
			r.StageSince = now
		}
		r.Stage, r.StageReason = stage, why
		if failure == nil {
			c := *r.Connect
			c.Keys = keys
			r.Connect, r.SID = &c, found.SID
			if found.ShortName != "" {
				r.ShortName = found.ShortName
			}
		}
		return directories.Put(tx, sc, r)
	})
	if err != nil {
		return fmt.Errorf("note how %s is: %w", seen.ID, err)
	}
	return nil
}

// probed is the stage of a connector after a look at its directory, and why.
func (r *record) probed(failure error, now time.Time) (stage, why string) {
	if failure == nil {
		return string(types.DirectoryStageActive), ""
	}
	why = "Connectivity issues detected: " + failure.Error()
	refusal, refused := errors.AsType[*directory.Refusal](failure)
	if refused {
		why = fmt.Sprintf("The directory refuses the service account %s: %s", r.Connect.UserName, refusal.Error())
	}
	why = why[:min(len(why), longestReason)]
	fresh := r.Stage == string(types.DirectoryStageRequested) || r.Stage == string(types.DirectoryStageCreating)
	switch {
	case fresh && (refused || now.Sub(r.Created) >= givesUp):
		return string(types.DirectoryStageFailed), why
	case fresh:
		return string(types.DirectoryStageCreating), why
	}
	return string(types.DirectoryStageImpaired), why
}
