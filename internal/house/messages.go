package house

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"

	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/seal"
)

// messages seals why calls were denied, for the account that called: the caller
// may not read it, who may call DecodeAuthorizationMessage may.
type messages struct{ box *seal.Box }

var (
	_ gate.Messages = messages{}
	_ sts.Messages  = messages{}
)

func purposeOf(account string) string { return "authorization message of " + account }

// Seal encodes a message.
func (m messages) Seal(account string, message []byte) (string, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(message); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	sealed, err := m.box.Seal(purposeOf(account), b.Bytes())
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// Open decodes a message. What Seal made is ours, so that it may be inflated.
func (m messages) Open(account, text string) (message []byte, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	packed, err := m.box.Open(purposeOf(account), sealed)
	if err != nil {
		return nil, false
	}
	message, err = io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	return message, err == nil
}
