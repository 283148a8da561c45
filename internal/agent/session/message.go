package session

import (
	"context"
	"errors"
	"time"
)

// Message is a frame of a data channel.
type Message struct {
	Type     string
	ID       string // UUID
	Created  time.Time
	Sequence int64
	Flags    uint64
	Kind     Kind
	Payload  []byte
}

// Channel is an open data channel. Write may be called by several at once; it
// does not keep the payload.
type Channel interface {
	Read(ctx context.Context) (Message, error)
	Write(ctx context.Context, m Message) error
	Close()
}

// ErrRefused says that a data channel will never be opened again: the session
// is over on the plane.
var ErrRefused = errors.New("the session is over")

// Kind is the type of a payload.
type Kind uint32

// The kinds of payload. Source: nodes.md 5.2, from the SSM Agent's wire.
const (
	kindOutput            Kind = 1
	kindSize              Kind = 3
	kindHandshakeRequest  Kind = 5
	kindHandshakeResponse Kind = 6
	kindHandshakeComplete Kind = 7
	kindChallengeRequest  Kind = 8
	kindChallengeResponse Kind = 9
	kindFlag              Kind = 10
	kindStderr            Kind = 11
	kindExitCode          Kind = 12
)

// The values of a flag.
const (
	flagDisconnect   = 1
	flagTerminate    = 2
	flagConnectError = 3
)

// The message types of a data channel.
const (
	typeOutput      = "output_stream_data"
	typeInput       = "input_stream_data"
	typeAcknowledge = "acknowledge"
	typeState       = "agent_session_state"
	typeClosed      = "channel_closed"
	typePause       = "pause_publication"
	typeStart       = "start_publication"
)

// acknowledgement is the payload of acknowledge.
type acknowledgement struct {
	Type       string `json:"AcknowledgedMessageType"`
	ID         string `json:"AcknowledgedMessageId"`
	Sequence   int64  `json:"AcknowledgedMessageSequenceNumber"`
	Sequential bool   `json:"IsSequentialMessage"`
}
