package sns

import (
	"crypto"
	_ "crypto/sha1"   // of SignatureVersion 1
	_ "crypto/sha256" // of SignatureVersion 2
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Types of messages.
const (
	typeNotification = "Notification"
	typeConfirmation = "SubscriptionConfirmation"
	typeFarewell     = "UnsubscribeConfirmation"
)

// envelope is what an endpoint gets. Its members stand in AWS's order.
// Source: SNS Developer Guide, "Parsing Amazon SNS message formats".
type envelope struct {
	Type              string
	MessageID         string               `json:"MessageId"`
	Token             string               `json:",omitempty"`
	TopicArn          string               //nolint:revive // AWS's name
	Subject           *string              `json:",omitempty"`
	Message           string               //
	SubscribeURL      string               `json:",omitempty"`
	Timestamp         string               //
	SignatureVersion  string               //
	Signature         string               //
	SigningCertURL    string               //
	UnsubscribeURL    string               `json:",omitempty"`
	MessageAttributes map[string]attribute `json:",omitempty"`
}

// attribute is one of a message.
type attribute struct {
	Type  string
	Value string
}

// newEnvelope begins a message of a topic; one that is not sealed is no one's.
func newEnvelope(kind, id, topic, version string, at time.Time) *envelope {
	return &envelope{Type: kind, MessageID: id, TopicArn: topic, SignatureVersion: version, Timestamp: at.UTC().Format("2006-01-02T15:04:05.000Z")}
}

// seal signs the message. Source: SNS Developer Guide, "Verifying the
// signatures of Amazon SNS messages": the signed members by their names in
// alphabetical order, name and value in lines of their own.
func (e *envelope) seal(by Signer) error {
	hash := crypto.SHA1
	if e.SignatureVersion == "2" {
		hash = crypto.SHA256
	}
	h := hash.New()
	h.Write([]byte(e.signed()))
	signature, err := by.Sign(hash, h.Sum(nil))
	if err != nil {
		return fmt.Errorf("sign a message: %w", err)
	}
	e.Signature = base64.StdEncoding.EncodeToString(signature)
	e.SigningCertURL = by.CertificateURL(regionOf(e.TopicArn))
	return nil
}

func (e *envelope) signed() string {
	var b strings.Builder
	line := func(name, value string) { b.WriteString(name + "\n" + value + "\n") }
	line("Message", e.Message)
	line("MessageId", e.MessageID)
	if e.Type == typeNotification {
		if e.Subject != nil {
			line("Subject", *e.Subject)
		}
	} else {
		line("SubscribeURL", e.SubscribeURL)
	}
	line("Timestamp", e.Timestamp)
	if e.Type != typeNotification {
		line("Token", e.Token)
	}
	line("TopicArn", e.TopicArn)
	line("Type", e.Type)
	return b.String()
}

func (e *envelope) text() (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(e)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// link is a call that needs no signature.
func link(service, action string, with url.Values) string {
	with.Set("Version", "2010-03-31")
	return service + "/?Action=" + action + "&" + with.Encode()
}

func (s *Service) confirmLink(topic, token string) string {
	return link(s.ports.Signer.ServiceURL(regionOf(topic)), "ConfirmSubscription", url.Values{"TopicArn": {topic}, "Token": {token}})
}

func (s *Service) endLink(subscription, topic string) string {
	return link(s.ports.Signer.ServiceURL(regionOf(topic)), "Unsubscribe", url.Values{"SubscriptionArn": {subscription}})
}
