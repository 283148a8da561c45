package morning

import (
	"time"

	"tamachi/internal/desk/shelf"
)

// Journal is what a repair has set out to do. It is on disk before the first
// desktop is terminated: a desktop that is gone is known to nobody else, and
// its user would be forgotten if the repair were broken off.
type Journal struct {
	Begun time.Time     `json:"begun"`
	Items []Replacement `json:"items"`
}

// journals is the shelf's subject.
const journals = "morning"

// readJournal returns the journal of a repair that did not end, or nil.
func readJournal(s shelf.Shelf, f *Facts) (*Journal, error) {
	j := new(Journal)
	found, err := s.Read(journals, shelf.Target{Account: f.Account, Region: f.Region, Endpoint: f.Endpoint}, j)
	if !found {
		return nil, err
	}
	return j, nil
}

// writeJournal keeps a journal, or removes it when nothing is left to do.
func writeJournal(s shelf.Shelf, p *Plan, j *Journal) error {
	t := shelf.Target{Account: p.Account, Region: p.Region, Endpoint: p.Endpoint}
	if j == nil || len(j.Items) == 0 {
		return s.Remove(journals, t)
	}
	return s.Write(journals, t, j)
}
