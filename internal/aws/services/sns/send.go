package sns

import (
	"context"
	"encoding/base64"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// outgoing is what a message becomes: deliveries to endpoints, and mails.
type outgoing struct {
	posts []*delivery
	mails []Letter
}

// keep takes it over in a transaction.
func (o *outgoing) keep(tx *store.Tx, mail Mail) error {
	for _, d := range o.posts {
		if err := deliveries.Put(tx, store.Scope{}, d); err != nil {
			return err
		}
	}
	for _, l := range o.mails {
		if err := mail.Post(tx, l); err != nil {
			return err
		}
	}
	return nil
}

// publish accepts messages of a topic; it returns their ids.
func (s *Service) publish(ctx context.Context, given string, list []*publication) (ids []string, err error) {
	var t *topic
	var to []*subscription
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if t, err = find(tx, api.CallFrom(ctx), given); err != nil {
			return err
		}
		to, err = listeners(tx, t.arn())
		return err
	})
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	var out outgoing
	for _, p := range list {
		id := s.ids.UUID()
		ids = append(ids, id)
		if err := s.address(&out, t, to, p, id, now); err != nil {
			return nil, err
		}
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := topics.Get(tx, t.scope(), t.Name); err != nil {
			return noTopic() // deleted meanwhile
		}
		return out.keep(tx, s.ports.Mail)
	})
	return ids, err
}

// address makes a message for each listener that wants it.
func (s *Service) address(out *outgoing, t *topic, to []*subscription, p *publication, id string, now time.Time) error {
	signed := map[string]*envelope{} // by its text: the signature is the same for all
	for _, one := range to {
		if !p.wanted(one) {
			continue
		}
		text := p.of(one.Protocol)
		if one.Protocol == "email" {
			out.mails = append(out.mails, s.letter(t, one, id, subjectOf(p), s.plainMail(text, one), now))
			continue
		}
		e := signed[text]
		if e == nil {
			e = newEnvelope(typeNotification, id, t.arn(), t.signature(), now)
			e.Subject, e.Message, e.MessageAttributes = p.subject, text, p.attributes
			if err := e.seal(s.ports.Signer); err != nil {
				return err
			}
			signed[text] = e
		}
		own := *e
		own.UnsubscribeURL = s.endLink(one.arn(), one.Topic)
		body, err := own.text()
		if err != nil {
			return err
		}
		if one.Protocol == "email-json" {
			out.mails = append(out.mails, s.letter(t, one, id, subjectOf(p), body, now))
			continue
		}
		d := s.post(t, one, typeNotification, id, body, now)
		if d.Raw = one.Attributes[attributeRaw] == "true"; d.Raw {
			d.Body = text
		}
		out.posts = append(out.posts, d)
	}
	return nil
}

func (s *Service) post(t *topic, one *subscription, kind, id, body string, now time.Time) *delivery {
	r, content := retriesOf(t, one)
	return &delivery{
		Due: now, ID: id, Kind: kind, Topic: t.arn(), Subscription: one.arn(), Endpoint: one.Endpoint, ContentType: content, Body: body, Retries: r,
	}
}

func (s *Service) letter(t *topic, one *subscription, id, subject, text string, now time.Time) Letter {
	return Letter{ID: id + "." + one.ID, From: s.sender(t), To: one.Endpoint, Subject: subject, Text: text, At: now}
}

// sender is who a mail comes from: the topic's display name, with the address
// of the house.
func (s *Service) sender(t *topic) string {
	name := t.Attributes[attributeDisplay]
	if name == "" {
		name = "AWS Notifications"
	}
	return name + " <" + s.ports.Mail.Sender() + ">"
}

func subjectOf(p *publication) string {
	if p.subject != nil {
		return *p.subject
	}
	return "AWS Notification Message"
}

func (s *Service) plainMail(text string, one *subscription) string {
	return text + "\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n" + s.endLink(one.arn(), one.Topic) + "\n"
}

// handshake is the message that asks a listener to confirm, or tells it that
// its subscription has ended, with a token of its own.
func (s *Service) handshake(t *topic, one *subscription, kind, token string, now time.Time) (*outgoing, error) {
	id := s.ids.UUID()
	e := newEnvelope(kind, id, t.arn(), t.signature(), now)
	e.Token, e.SubscribeURL = token, s.confirmLink(one.Topic, token)
	subject := "AWS Notification - Subscription Confirmation"
	e.Message = "You have chosen to subscribe to the topic " + one.Topic + ".\nTo confirm the subscription, visit the SubscribeURL included in this message."
	plain := "You have chosen to subscribe to the topic:\n" + one.Topic + "\n\nTo confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n" + e.SubscribeURL + "\n"
	if kind == typeFarewell {
		subject = "AWS Notification - Unsubscribe Confirmation"
		e.Message = "You have chosen to deactivate subscription " + one.arn() + ".\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
		plain = "Your subscription to the topic below has been deactivated:\n" + one.Topic + "\n\nIf this was in error or you wish to resubscribe, click or visit the link below to confirm:\n" + e.SubscribeURL + "\n"
	}
	if err := e.seal(s.ports.Signer); err != nil {
		return nil, err
	}
	body, err := e.text()
	if err != nil {
		return nil, err
	}
	switch {
	case isWeb(one.Protocol):
		return &outgoing{posts: []*delivery{s.post(t, one, kind, id, body, now)}}, nil
	case one.Protocol == "email":
		body = plain
	}
	return &outgoing{mails: []Letter{s.letter(t, one, id, subject, body, now)}}, nil
}
