package notify

import "context"

// Chat posts messages into a chat.
type Chat interface {
	// Post hands a message over and returns its id, which Thread of a later one
	// may name. Errors are as those of Sender.
	Post(ctx context.Context, m ChatMessage) (id string, err error)
}

// ChatMessage is one message of a chat.
type ChatMessage struct {
	To       string // channel, or member for a direct message
	Thread   string // id of the message that it belongs to
	Text     string // plain: nothing in it is markup, nobody is called by it
	Everyone bool   // call everybody in the channel
	Buttons  []Button
}

// Button is a choice under a message.
type Button struct {
	Label  [2]string `json:"label"`  // English, Japanese
	Action string    `json:"action"` // what a click asks for
	Value  string    `json:"value"`  // of what
	Danger bool      `json:"danger,omitempty"`
}

// Click is a choice that somebody made; who they are has been verified.
type Click struct{ Member, Action, Value string }

// Post is what the desk has to say to people: what happened, why, and what the
// reader should do, in English and Japanese.
type Post struct {
	ID       string    `json:"id"`    // sent once, however often it is handed over
	Topic    string    `json:"topic"` // decides the channel; "" goes to people alone
	To       []string  `json:"to,omitempty"`
	Thread   string    `json:"thread,omitempty"` // posts of one incident
	Urgent   bool      `json:"urgent,omitempty"` // not for the morning
	Everyone bool      `json:"everyone,omitempty"`
	What     [2]string `json:"what"`
	Why      [2]string `json:"why,omitzero"`
	Do       [2]string `json:"do,omitzero"`
	Buttons  []Button  `json:"buttons,omitempty"`
	Link     string    `json:"link,omitempty"` // where the one reader answers who has no buttons; a secret
}
