package cloudwatch

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// young are the newest points of a series, of any time.
type young struct {
	Series string
	Oldest string // name of the slice of the oldest point
	Points []byte // package series
}

var fresh = store.Table[young]{
	Name: "cloudwatch.fresh", Reach: store.Regional,
	Key:     func(y *young) string { return y.Series },
	Indexes: map[string]func(*young) string{"Slice": func(y *young) string { return y.Oldest }},
}

// block holds the points of a series in one slice of time.
type block struct {
	Series string
	Slice  int64
	Points []byte // package series
}

var blocks = store.Table[block]{
	Name: "cloudwatch.blocks", Reach: store.Regional,
	Key:     func(b *block) string { return blockKey(b.Series, b.Slice) },
	Indexes: map[string]func(*block) string{"Slice": func(b *block) string { return sliceName(stepOf(b.Series), b.Slice) }},
}

const (
	// fewPoints is how many points a series has beside its blocks at least
	// before they move; some have up to as many more, so that those that began
	// together do not all move together.
	fewPoints = 60
	// fewBytes bounds the same for points with many values.
	fewBytes = 8 << 10
)

// ripe tells whether the newest points are to move into blocks.
func (y *young) ripe(n int) bool {
	h := fnv.New32a()
	h.Write([]byte(y.Series))
	return n > fewPoints+int(h.Sum32()%fewPoints) || len(y.Points) > fewBytes
}

// ingest adds points to a series, and moves the newest into blocks when there
// are enough.
func ingest(tx *store.Tx, sc store.Scope, key string, points []series.Point) error {
	t := tierOf(stepOf(key))
	y, err := fresh.Get(tx, sc, key)
	if errors.Is(err, store.ErrNotFound) {
		y, err = &young{Series: key}, nil
	}
	if err != nil {
		return err
	}
	old, err := series.Decode(y.Points)
	if err != nil {
		return fmt.Errorf("newest points of %s: %w", key, err)
	}
	all := series.Roll(t.step, old, points)
	y.Points = series.Encode(t.step, all)
	if y.ripe(len(all)) {
		return settle(tx, sc, y, all)
	}
	return y.keep(tx, sc, t, all)
}

// keep writes the newest points.
func (y *young) keep(tx *store.Tx, sc store.Scope, t tier, all []series.Point) error {
	if oldest := sliceName(t.step, t.of(all[0].At)); oldest != y.Oldest {
		y.Oldest = oldest
		if err := plan(tx, sc, t, t.of(all[0].At)); err != nil {
			return err
		}
	}
	return fresh.Put(tx, sc, y)
}

// settle moves the newest points of a series into its blocks.
func settle(tx *store.Tx, sc store.Scope, y *young, all []series.Point) error {
	if err := spread(tx, sc, y.Series, all); err != nil {
		return err
	}
	y.Points, y.Oldest = nil, ""
	return fresh.Put(tx, sc, y)
}

// spread puts points into the blocks of their slices.
func spread(tx *store.Tx, sc store.Scope, key string, all []series.Point) error {
	t := tierOf(stepOf(key))
	for len(all) > 0 {
		slice := t.of(all[0].At)
		end := slices.IndexFunc(all, func(p series.Point) bool { return t.of(p.At) != slice })
		if end < 0 {
			end = len(all)
		}
		if err := mix(tx, sc, t, &block{Series: key, Slice: slice}, all[:end]); err != nil {
			return err
		}
		all = all[end:]
	}
	return nil
}

// mix adds points to the block of a slice.
func mix(tx *store.Tx, sc store.Scope, t tier, b *block, points []series.Point) error {
	found, err := blocks.Get(tx, sc, blockKey(b.Series, b.Slice))
	switch {
	case errors.Is(err, store.ErrNotFound):
		if err := plan(tx, sc, t, b.Slice); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		b = found
	}
	old, err := series.Decode(b.Points)
	if err != nil {
		return fmt.Errorf("block %d of %s: %w", b.Slice, b.Series, err)
	}
	b.Points = series.Encode(t.step, series.Merge(old, points))
	return blocks.Put(tx, sc, b)
}

// read returns the points of a series with from <= At < to.
func read(tx *store.Tx, sc store.Scope, key string, from, to int64) ([]series.Point, error) {
	t := tierOf(stepOf(key))
	from = max(from, 0)
	if to <= from {
		return nil, nil
	}
	found, err := blocks.List(tx, sc, store.Page{Min: blockKey(key, t.of(from)), Max: blockKey(key, t.of(to-1)+1)})
	if err != nil {
		return nil, err
	}
	var lists [][]series.Point
	add := func(b []byte) error {
		points, err := series.Decode(b)
		if err != nil {
			return fmt.Errorf("points of %s: %w", key, err)
		}
		lists = append(lists, points)
		return nil
	}
	for _, b := range found {
		if err := add(b.Points); err != nil {
			return nil, err
		}
	}
	y, err := fresh.Get(tx, sc, key)
	if err == nil {
		err = add(y.Points)
	} else if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	all := series.Merge(lists...)
	return slices.DeleteFunc(all, func(p series.Point) bool { return p.At < from || p.At >= to }), nil
}
