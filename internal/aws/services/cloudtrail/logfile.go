package cloudtrail

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"tamachi/internal/store"
)

const (
	// settle is how old a record is before it is delivered: by then it has its
	// response elements.
	settle = 5 * time.Second
	// Bounds of one delivery, and of one reading of the journal.
	mostRecords = 5000
	mostBytes   = 16 << 20
	atATime     = 100
)

// batch is what one delivery holds, by Region.
type batch struct {
	to      int64 // the place of the last record that was looked at
	more    bool  // the journal goes on, and could be delivered now
	regions map[string]*logFile
}

// logFile is a file of records of one Region.
type logFile struct {
	records        []json.RawMessage
	oldest, newest time.Time
}

func (f *logFile) add(e store.Entry[event]) {
	f.records = append(f.records, e.Record.Record)
	if f.oldest.IsZero() || e.At.Before(f.oldest) {
		f.oldest = e.At
	}
	if e.At.After(f.newest) {
		f.newest = e.At
	}
}

// gather reads the journal from the cursor up to a place, or with place 0 up to
// what has settled, and picks what the trail records.
func gather(tx *store.Tx, t *trail, d *delivery, now time.Time, place int64) (*batch, error) {
	b := &batch{to: d.Cursor, regions: map[string]*logFile{}}
	n, size := 0, 0
	for {
		list, err := journal.After(tx, b.to, atATime)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			fresh := e.At.After(now.Add(-settle)) && !e.At.After(now.Add(time.Minute)) // else of a clock that was wrong
			if place == 0 && fresh || place != 0 && e.Place > place {
				return b, nil
			}
			b.to = e.Place
			if e.Scope.Account != t.Account || !d.records(e.Place) || !t.records(e.Scope.Region, e.Record) {
				continue
			}
			if b.regions[e.Scope.Region] == nil {
				b.regions[e.Scope.Region] = &logFile{}
			}
			b.regions[e.Scope.Region].add(e)
			n, size = n+1, size+len(e.Record.Record)
		}
		if len(list) < atATime {
			return b, nil
		}
		if place == 0 && (n >= mostRecords || size >= mostBytes) {
			b.more = true
			return b, nil
		}
	}
}

// names lists the Regions that have records.
func (b *batch) names() []string { return slices.Sorted(maps.Keys(b.regions)) }

// folder is where the files of a kind are: CloudTrail or CloudTrail-Digest.
func (t *trail) folder(kind string) string {
	key := "AWSLogs/" + t.Account + "/" + kind + "/"
	if t.Prefix != "" {
		key = t.Prefix + "/" + key
	}
	return key
}

// logKey names a log file.
// Source: CloudTrail User Guide, "CloudTrail log file examples", file names.
func (t *trail) logKey(region string, at time.Time, unique string) string {
	return t.folder("CloudTrail") + region + at.UTC().Format("/2006/01/02/") +
		t.Account + "_CloudTrail_" + region + "_" + at.UTC().Format("20060102T1504Z") + "_" + unique + ".json.gz"
}

// object is a file in the trail's bucket.
func (t *trail) object(key string, body []byte) Object {
	return Object{Account: t.Account, Region: t.Region, Trail: t.ARN().String(), Bucket: t.Bucket, Key: key, Body: body}
}

// packed is a file as it is stored, and the hash of its text.
func packed(v any) (body []byte, hash string, err error) {
	var text, out bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, "", err
	}
	plain := bytes.TrimSuffix(text.Bytes(), []byte("\n"))
	z := gzip.NewWriter(&out)
	if _, err := z.Write(plain); err != nil {
		return nil, "", err
	}
	if err := z.Close(); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(plain)
	return out.Bytes(), hex.EncodeToString(sum[:]), nil
}
