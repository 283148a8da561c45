package cloudwatchlogs

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/store"
)

// stream is the stored form of a log stream. Times are milliseconds; 0 is none.
type stream struct {
	ID       string // never used again
	Group    string // ID of its group
	Name     string
	Created  int64
	First    int64 `json:",omitempty"` // of its oldest event
	Last     int64 `json:",omitempty"` // of its newest event
	Ingested int64 `json:",omitempty"`
	Seq      int64 `json:",omitempty"` // number of its last chunk
}

var streams = store.Table[stream]{
	Name: "logs.streams", Reach: store.Regional,
	Key:     func(s *stream) string { return streamKey(s.Group, s.Name) },
	Indexes: map[string]func(*stream) string{"ID": func(s *stream) string { return s.ID }},
}

func streamKey(group, name string) string { return group + "/" + name }

// findStream reads a stream of a group, or says that it does not exist.
func findStream(tx *store.Tx, g *group, name string) (*stream, error) {
	st, err := streams.Get(tx, g.scope(), streamKey(g.ID, name))
	if errors.Is(err, store.ErrNotFound) {
		return nil, noStream()
	}
	return st, err
}

// withPrefix are the keys of what begins with a text.
func withPrefix(text string) store.Page {
	if text == "" {
		return store.Page{}
	}
	// 0xFF is in no UTF-8 text, and a text that goes on is less than it.
	return store.Page{Min: text, Max: beyond(text)}
}

// beyond is the least text that is greater than all that begin with another.
func beyond(text string) string {
	r := []rune(text)
	for i, last := range slices.Backward(r) {
		next := last + 1
		if next == 0xD800 { // surrogates are no characters
			next = 0xE000
		}
		if next <= 0x10FFFF {
			return string(r[:i]) + string(next)
		}
	}
	return ""
}

func checkStreamName(name string) error {
	if name == "" || strings.ContainsAny(name, ":*\x00") {
		return invalid("1 validation error detected: Value '" + name + "' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*")
	}
	return nil
}

// shown is the stream as DescribeLogStreams has it.
func (st *stream) shown(g *group) types.LogStream {
	out := types.LogStream{
		LogStreamName: aws.String(st.Name), CreationTime: aws.Int64(st.Created), StoredBytes: aws.Int64(0), //nolint:staticcheck // AWS still answers it
		Arn: aws.String(streamTarget(g.Account, g.Region, g.Name, st.Name)),
	}
	if st.Seq > 0 {
		out.UploadSequenceToken = aws.String(sequence(st))
		out.LastIngestionTime = aws.Int64(st.Ingested)
		out.LastEventTimestamp = aws.Int64(st.Last)
	}
	if st.First > 0 {
		out.FirstEventTimestamp = aws.Int64(st.First)
	}
	return out
}
