package s3

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/store"
)

// wanted is what a read asks for.
type wanted struct {
	key        string
	version    *string
	conditions conditions
	byteRange  *string
	part       *int32
}

// selection is what a read gets: a version of an object and a window of it.
type selection struct {
	bucket  *bucket
	object  *object
	parts   []piece
	window  window
	partial bool
	sum     checksum // of the window; empty where nobody knows it
}

// choose finds the object and the window that a read wants.
func choose(tx *store.Tx, b *bucket, want wanted) (*selection, error) {
	o, err := readable(tx, b, want.key, want.version)
	if err != nil {
		return nil, err
	}
	if err := want.conditions.hold(o); err != nil {
		return nil, err
	}
	sel := &selection{bucket: b, object: o, window: window{0, o.Size}, sum: o.Checksum}
	if sel.parts, err = piecesOf(tx, b, o); err != nil {
		return nil, err
	}
	if want.part != nil {
		return sel, sel.choosePart(want)
	}
	if want.byteRange == nil {
		return sel, nil
	}
	w, ok, err := parseRange(*want.byteRange, o.Size)
	if err != nil {
		return nil, err
	}
	if ok {
		sel.window, sel.partial, sel.sum = w, true, checksum{}
	}
	return sel, nil
}

// choosePart narrows the window to one part. An object that was not uploaded
// in parts is its own first part.
// Source: Amazon S3 API Reference, "GetObject", partNumber.
func (sel *selection) choosePart(want wanted) error {
	if want.byteRange != nil {
		return invalidRequest("Cannot specify both Range header and partNumber query parameter")
	}
	n := *want.part
	if n < 1 || n > maxParts {
		return invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", itoa(int64(n)))
	}
	if sel.parts == nil {
		if n != 1 {
			return notPart(n, 1)
		}
		sel.partial = sel.object.Size > 0
		return nil
	}
	if int(n) > len(sel.parts) {
		return notPart(n, len(sel.parts))
	}
	var offset int64
	for _, p := range sel.parts[:n-1] {
		offset += p.Size
	}
	p := sel.parts[n-1]
	sel.window, sel.partial = window{offset, p.Size}, p.Size > 0
	sel.sum = checksum{}
	if sel.object.Checksum.Composite {
		sel.sum = checksum{Algorithm: sel.object.Checksum.Algorithm, Value: p.Sum, Composite: true}
	}
	return nil
}

func notPart(n int32, count int) error {
	return fault(statusRequestedRangeNotSatisfiable, "InvalidPartNumber", "The requested partnumber is not satisfiable",
		"PartNumberRequested", itoa(int64(n)), "ActualPartCount", itoa(int64(count)))
}

func (sel *selection) stretches() []stretch {
	return stretches(sel.object, sel.parts, sel.window.offset, sel.window.size)
}

func (sel *selection) contentRange() *string {
	if !sel.partial {
		return nil
	}
	return aws.String(sel.window.contentRange(sel.object.Size))
}

// partsCount is shown where a part was asked for.
func (sel *selection) partsCount(asked *int32) *int32 {
	if asked == nil || sel.parts == nil {
		return nil
	}
	return aws.Int32(int32(len(sel.parts)))
}

func (sel *selection) tagCount() *int32 {
	if len(sel.object.Tags) == 0 {
		return nil
	}
	return aws.Int32(int32(len(sel.object.Tags)))
}

// either is the first text that is there, or nil.
func either(override *string, own string) *string {
	if override != nil {
		return override
	}
	if own == "" {
		return nil
	}
	return &own
}
