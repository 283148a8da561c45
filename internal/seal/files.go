package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Names of the files in a box's folder.
const (
	keyFile  = "master.key"
	ringFile = "ring.json"
)

// ErrMaster reports that the ring of keys does not open with the master key at
// hand: the file is missing or another one, or the passphrase is wrong.
var ErrMaster = errors.New("the master key does not open the keys of this data folder")

// Options say where a box lives and which master key opens it.
type Options struct {
	// Folder holds the ring of data keys, and the master key when there is no
	// passphrase. It is made with mode 0700.
	Folder string
	// Passphrase, if not nil, is what the master key is derived from. A folder
	// with a key file is changed over to it.
	Passphrase []byte
	// Old is the passphrase until now, when it is being changed or given up.
	Old []byte
}

type files struct {
	folder string
	master *master // what the ring on disk is wrapped by
}

// stored is the ring file. A ring is wrapped by one master key, by two while
// the master key is being changed.
type stored struct {
	Version int
	Wraps   []wrap
}

type wrap struct {
	Salt []byte `json:",omitempty"` // of a passphrase
	Cost int    `json:",omitempty"`
	Keys []wrappedKey
}

type wrappedKey struct {
	ID  string
	Key []byte // nonce and sealed data key
}

// Open opens the box of a folder, and makes it when the folder has none. When
// it opens by a master key that is not to be any more (Old, or a key file
// though a passphrase is given), the master key is changed as by Renew.
func Open(o Options) (*Box, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of keys: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(o.Folder, ringFile))
	if errors.Is(err, fs.ErrNotExist) {
		return create(o)
	}
	if err != nil {
		return nil, fmt.Errorf("read the ring of keys: %w", err)
	}
	s, err := parseRing(text)
	if err != nil {
		return nil, err
	}
	b, err := o.unwrap(s)
	if err != nil {
		return nil, err
	}
	if len(s.Wraps) > 1 { // a change of the master key was cut short
		if err := b.files.write(b.ring, b.files.master); err != nil {
			return nil, err
		}
	}
	if b.files.master.by != by(o.Passphrase) {
		return b, b.Renew(o.Passphrase)
	}
	return b, b.files.tidy()
}

// by is how a master key is come by: its passphrase, or "" for a key file.
func by(passphrase []byte) string { return string(passphrase) }

// parseRing reads a ring file.
func parseRing(text []byte) (*stored, error) {
	var s stored
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("read the ring of keys: %w", err)
	}
	if s.Version != format || len(s.Wraps) == 0 {
		return nil, fmt.Errorf("read the ring of keys: version %d with %d wraps is not one that this plane can read", s.Version, len(s.Wraps))
	}
	for _, w := range s.Wraps {
		for _, k := range w.Keys {
			if len(k.ID) != 2*idBytes || len(k.Key) != nonceBytes+keyBytes+tagBytes {
				return nil, errors.New("read the ring of keys: a data key is damaged")
			}
		}
		if len(w.Keys) == 0 {
			return nil, errors.New("read the ring of keys: it is empty")
		}
	}
	return &s, nil
}

// unwrap finds the wrap that the master key at hand opens.
func (o Options) unwrap(s *stored) (*Box, error) {
	for _, w := range s.Wraps {
		masters, err := o.mastersFor(w)
		if err != nil {
			return nil, err
		}
		for _, m := range masters {
			if r, ok := w.open(m); ok {
				return &Box{files: &files{o.Folder, m}, ring: r}, nil
			}
		}
	}
	if o.Passphrase != nil {
		return nil, fmt.Errorf("%w: the passphrase is not the one that it was given", ErrMaster)
	}
	return nil, fmt.Errorf("%w: put back %s, or give the passphrase", ErrMaster, filepath.Join(o.Folder, keyFile))
}

// mastersFor are the master keys that may open a wrap.
func (o Options) mastersFor(w wrap) ([]*master, error) {
	if w.Salt == nil {
		m, err := fromFile(filepath.Join(o.Folder, keyFile))
		if m == nil || err != nil {
			return nil, err
		}
		return []*master{m}, nil
	}
	var out []*master
	for _, passphrase := range [][]byte{o.Passphrase, o.Old} {
		if passphrase == nil {
			continue
		}
		m, err := fromPassphrase(passphrase, w.Salt, w.Cost)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// create makes the box of a new folder.
func create(o Options) (*Box, error) {
	f := &files{folder: o.Folder}
	var err error
	if f.master, err = f.obtain(o.Passphrase); err != nil {
		return nil, err
	}
	b := &Box{files: f, ring: ring{newGeneration()}}
	return b, f.write(b.ring, f.master)
}

// obtain derives a master key, or makes a file with one; a file that is
// already there without a ring is what a start left that was cut short.
func (f *files) obtain(passphrase []byte) (*master, error) {
	if passphrase != nil {
		return fromPassphrase(passphrase, nil, 0)
	}
	m, err := fromFile(f.keyPath())
	if m != nil || err != nil {
		return m, err
	}
	m = &master{key: random(keyBytes)}
	return m, f.keep(m)
}

func (f *files) keyPath() string { return filepath.Join(f.folder, keyFile) }

// keep writes a master key to its file.
func (f *files) keep(m *master) error {
	return replaceFile(f.keyPath(), fmt.Appendf(nil, "%x\n", m.key))
}

// write puts the ring to disk, wrapped by each of the masters.
func (f *files) write(r ring, masters ...*master) error {
	s := stored{Version: format}
	for _, m := range masters {
		w, err := m.wrap(r)
		if err != nil {
			return err
		}
		s.Wraps = append(s.Wraps, w)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(f.folder, ringFile), append(text, '\n'))
}

// tidy removes a key file that opens nothing any more.
func (f *files) tidy() error {
	if f.master.salt == nil {
		return nil
	}
	if err := os.Remove(f.keyPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the old master key: %w", err)
	}
	return syncFolder(f.folder)
}

func (m *master) wrap(r ring) (wrap, error) {
	aead, err := gcm(m.key)
	if err != nil {
		return wrap{}, err
	}
	w := wrap{Salt: m.salt, Cost: m.cost}
	for _, g := range r {
		nonce := random(nonceBytes)
		w.Keys = append(w.Keys, wrappedKey{g.ID, aead.Seal(nonce, nonce, g.key, ringData(g.ID))})
	}
	return w, nil
}

// open unwraps a ring; ok is false when another master key wrapped it.
func (w wrap) open(m *master) (r ring, ok bool) {
	aead, err := gcm(m.key)
	if err != nil {
		return nil, false
	}
	for _, k := range w.Keys {
		key, err := aead.Open(nil, k.Key[:nonceBytes], k.Key[nonceBytes:], ringData(k.ID))
		if err != nil {
			return nil, false
		}
		r = append(r, generation{k.ID, key})
	}
	return r, true
}

func ringData(id string) []byte { return []byte("tamachi ring\x00" + id) }

// Renew changes the master key: to one of a passphrase, or, when it is nil, to
// a new key file. A new data key begins; what the old ones sealed is now to be
// sealed anew (Old, Forget).
func (b *Box) Renew(passphrase []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := append(append(ring{}, b.ring...), newGeneration())
	if b.files == nil {
		b.ring = next
		return nil
	}
	f := b.files
	m := &master{key: random(keyBytes)}
	if passphrase != nil {
		var err error
		if m, err = fromPassphrase(passphrase, nil, 0); err != nil {
			return err
		}
	}
	if err := f.write(next, f.master, m); err != nil { // both open it
		return err
	}
	if m.salt == nil {
		if err := f.keep(m); err != nil {
			return err
		}
	}
	if err := f.write(next, m); err != nil {
		return err
	}
	b.ring, f.master = next, m
	return f.tidy()
}
