package cloudwatch

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/store"
)

// dimension is a part of a metric's identity.
type dimension struct{ Name, Value string }

// metric is the stored form of a metric: who it is, and when it last had data.
type metric struct {
	Namespace  string
	Name       string
	Dimensions []dimension `json:",omitempty"` // by name
	Units      []string    // in which data came
	Seen       int64       // when data last came, in seconds; up to five minutes behind
}

var metrics = store.Table[metric]{
	Name: "cloudwatch.metrics", Reach: store.Regional,
	Key: (*metric).key,
}

// between parts the members of a key; no name can hold it.
const between = "\x1f"

func (m *metric) key() string { return m.Namespace + between + m.Name + between + m.id() }

// id names the metric in the keys of its series.
func (m *metric) id() string {
	h := sha256.New()
	for _, part := range []string{m.Namespace, m.Name} {
		h.Write([]byte(part + between))
	}
	for _, d := range m.Dimensions {
		h.Write([]byte(d.Name + between + d.Value + between))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// series is the key of the metric's points of a unit at a step.
func (m *metric) series(unit string, step int64) string { return seriesKey(m.id(), unit, step) }

// identity is a metric as a request names it.
func identity(namespace, name *string, dims []types.Dimension) *metric {
	m := &metric{Namespace: aws.ToString(namespace), Name: aws.ToString(name)}
	for _, d := range dims {
		m.Dimensions = append(m.Dimensions, dimension{aws.ToString(d.Name), aws.ToString(d.Value)})
	}
	slices.SortFunc(m.Dimensions, func(a, b dimension) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	return m
}

// shown is the metric as ListMetrics has it.
func (m *metric) shown() types.Metric {
	out := types.Metric{Namespace: &m.Namespace, MetricName: &m.Name, Dimensions: []types.Dimension{}}
	for _, d := range m.Dimensions {
		out.Dimensions = append(out.Dimensions, types.Dimension{Name: &d.Name, Value: &d.Value})
	}
	return out
}

// find reads the metric; nil when it never had data.
func (m *metric) find(tx *store.Tx, sc store.Scope) (*metric, error) {
	found, err := metrics.Get(tx, sc, m.key())
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return found, err
}

// slack is how far Seen may be behind.
const slack = 5 * 60

// seen notes that data of a unit came.
func (m *metric) seen(tx *store.Tx, sc store.Scope, unit string, now int64) error {
	found, err := m.find(tx, sc)
	if err != nil {
		return err
	}
	if found == nil {
		found = &metric{Namespace: m.Namespace, Name: m.Name, Dimensions: m.Dimensions}
	}
	if found.Seen > now-slack && slices.Contains(found.Units, unit) {
		return nil
	}
	if !slices.Contains(found.Units, unit) {
		found.Units = append(found.Units, unit)
	}
	found.Seen = max(found.Seen, now)
	return metrics.Put(tx, sc, found)
}

// legible tells whether a name of a metric can be kept: no control characters,
// and something that is not white.
func legible(text string) bool {
	for _, r := range text {
		if r < ' ' || r == 0x7f {
			return false
		}
	}
	return strings.TrimSpace(text) != ""
}
