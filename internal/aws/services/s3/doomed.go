package s3

import (
	"errors"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// doomed is the stored record of something that no other record needs any
// more, from a time on: a blob, or a completed upload that still answers
// repeated calls.
type doomed struct {
	Due    time.Time
	Blob   string `json:",omitempty"`
	Upload string `json:",omitempty"` // key of the upload's record, in Account and Region
	// Whose upload it is.
	Account, Region string `json:",omitempty"`
}

// dooms sorts by time, so that what is due comes first.
var dooms = store.Table[doomed]{
	Name: "s3.doomed", Reach: store.Plane,
	Key: func(d *doomed) string { return dueKey(d.Due) + "/" + d.Blob + d.Account + d.Region + d.Upload },
}

func dueKey(t time.Time) string { return fmt.Sprintf("%020d", max(t.UnixNano(), 0)) }

// readingTime is how long a body stays after its object was deleted: for those
// who are reading, who open one part after the other, and for a backup, which
// copies the records first.
const readingTime = 15 * time.Minute

// doom says that a body is not needed any more. It is removed after the
// commit, by Upkeep.
func (s *Service) doom(tx *store.Tx, b *bucket, gone body) error {
	now := s.clock.Now()
	if gone.Blob != "" {
		return dooms.Put(tx, store.Scope{}, &doomed{Due: now.Add(readingTime), Blob: gone.Blob})
	}
	if gone.Pieces == "" {
		return nil
	}
	p, err := bodies.Get(tx, b.scope(), gone.Pieces)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, piece := range p.List {
		if piece.Blob == "" {
			continue
		}
		if err := dooms.Put(tx, store.Scope{}, &doomed{Due: now.Add(readingTime), Blob: piece.Blob}); err != nil {
			return err
		}
	}
	return bodies.Delete(tx, b.scope(), gone.Pieces)
}
