package cloudtrail

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// Made is what the trail says of one call.
type Made struct {
	Source, Event string // ssm.amazonaws.com, PutParameter
	// ErrorCode is empty for a call that succeeded.
	ErrorCode, ErrorMessage string
	// Response are the responseElements: null where the operation answers nothing,
	// and where the plane was killed between an effect and its answer.
	Response json.RawMessage
}

// Sought says by what a call is found in an account and Region: its request id,
// and who made it, by the name that the trail shows or the access key.
type Sought struct {
	Account, Region     string
	RequestID           string
	Username, AccessKey string // one of them
	Since               time.Time
}

// madeAtOnce is how many calls of one caller are looked through at a time.
const madeAtOnce = 200

// Made finds a call. The record of a write commits with its effect, so that one
// that is not found changed nothing.
func (s *Service) Made(ctx context.Context, q Sought) (made Made, found bool, err error) {
	term := "Username=" + keyable(q.Username)
	if q.AccessKey != "" {
		term = "AccessKeyId=" + q.AccessKey
	}
	for _, region := range []string{q.Region, globalRegion} { // the latter for services without Regions
		made, found, err = s.made(ctx, store.In(q.Account, region), term, &q)
		if err != nil {
			return Made{}, false, fmt.Errorf("look for the call %s: %w", q.RequestID, err)
		}
		if found || q.Region == globalRegion {
			break
		}
	}
	return made, found, nil
}

func (s *Service) made(ctx context.Context, sc store.Scope, term string, q *Sought) (Made, bool, error) {
	span := store.Span{From: q.Since.Truncate(time.Second), To: s.clock.Now().Add(time.Minute), Limit: madeAtOnce}
	for {
		var page []store.Entry[event]
		err := s.store.View(ctx, func(tx *store.Tx) (err error) {
			page, err = journal.Find(tx, sc, term, span)
			return err
		})
		if err != nil {
			return Made{}, false, err
		}
		for _, e := range page {
			if made, is := e.Record.made(q.RequestID); is {
				return made, true, nil
			}
		}
		if len(page) < madeAtOnce {
			return Made{}, false, nil
		}
		last := page[len(page)-1]
		span.BeforeAt, span.BeforePlace = last.At, last.Place
	}
}

// made tells whether an event is the call of a request id, and what became of it.
func (e *event) made(requestID string) (Made, bool) {
	if !bytes.Contains(e.Record, []byte(requestID)) {
		return Made{}, false
	}
	var r struct {
		RequestID, ErrorCode, ErrorMessage string
		ResponseElements                   json.RawMessage
	}
	if err := json.Unmarshal(e.Record, &r); err != nil || r.RequestID != requestID {
		return Made{}, false // the id may stand in an input
	}
	return Made{Source: e.Source, Event: e.Name, ErrorCode: r.ErrorCode, ErrorMessage: r.ErrorMessage, Response: r.ResponseElements}, true
}
