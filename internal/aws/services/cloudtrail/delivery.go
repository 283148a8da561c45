package cloudtrail

import (
	"slices"
	"time"

	"tamachi/internal/store"
)

// delivery is how far a trail's files are delivered. It is a record of its own,
// beside the trail's, because it moves every few minutes.
type delivery struct {
	Account string
	Trail   string // key of the trail
	// Cursor is the place in the journal up to which everything is delivered.
	Cursor  int64
	Windows []window // of logging, the last one open while the trail logs
	Due     time.Time
	// Pending names the files that are being written, so that a repetition
	// after a crash writes the same ones.
	Pending *pending `json:",omitempty"`

	Attempted     time.Time `json:",omitzero"`  // the last try
	Delivered     time.Time `json:",omitzero"`  // the last file
	Failure       string    `json:",omitempty"` // of the last try: the code of S3
	Digested      time.Time `json:",omitzero"`
	DigestFailure string    `json:",omitempty"`
	DigestDue     time.Time `json:",omitzero"` // after a failure: when to try again
	// Digests are the chains of digest files, by Region.
	Digests map[string]*chain `json:",omitempty"`
}

// window is a stretch of the journal that a trail records.
type window struct {
	From int64 // behind this place
	To   int64 `json:",omitempty"` // up to this one; 0 while it is open
}

// pending is a delivery under way: the records behind the cursor up to a place.
type pending struct {
	To    int64
	At    time.Time         // in the names of the files
	More  bool              `json:",omitempty"` // the journal goes on
	Names map[string]string // Region to the letters that make its name unique
}

// deliveries stand beside the trails, under the same keys.
var deliveries = store.Table[delivery]{
	Name:  "cloudtrail.deliveries",
	Reach: store.Account,
	Key:   func(d *delivery) string { return d.Trail },
	Indexes: map[string]func(*delivery) string{
		// Active finds those that have something to do without reading others.
		"Active": func(d *delivery) string {
			if d.active() {
				return "yes"
			}
			return ""
		},
	},
}

// active tells whether time will bring work: something is recorded, or what
// was recorded is not delivered or not digested.
func (d *delivery) active() bool {
	return len(d.Windows) > 0 || slices.ContainsFunc(d.chains(), func(c *chain) bool { return !c.Ended })
}

func (d *delivery) chains() []*chain {
	var out []*chain
	for _, c := range d.Digests {
		out = append(out, c)
	}
	return out
}

// open begins a window. What was not recorded is passed over.
func (d *delivery) open(at time.Time, place int64) {
	if len(d.Windows) == 0 && d.Pending == nil {
		d.Cursor = place
		d.Due = at
	}
	d.Windows = append(d.Windows, window{From: place})
}

func (d *delivery) shut(place int64) {
	if n := len(d.Windows); n > 0 {
		d.Windows[n-1].To = place
	}
}

// records tells whether the trail was logging when the record at a place was
// written.
func (d *delivery) records(place int64) bool {
	return slices.ContainsFunc(d.Windows, func(w window) bool {
		return place > w.From && (w.To == 0 || place <= w.To)
	})
}

// advance notes that everything up to a place is delivered.
func (d *delivery) advance(to int64) {
	d.Cursor, d.Pending = to, nil
	d.Windows = slices.DeleteFunc(d.Windows, func(w window) bool { return w.To != 0 && w.To <= to })
}

// sameAs tells whether nothing was delivered between two readings of the
// record.
func (d *delivery) sameAs(other *delivery) bool {
	if d.Cursor != other.Cursor || (d.Pending == nil) != (other.Pending == nil) || len(d.Digests) != len(other.Digests) {
		return false
	}
	for region, c := range d.Digests {
		if o := other.Digests[region]; o == nil || !c.Start.Equal(o.Start) {
			return false
		}
	}
	return true
}
