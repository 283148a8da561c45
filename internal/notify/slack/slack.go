// Package slack posts to a Slack workspace by a bot's token (chat.postMessage),
// and reads the clicks on its buttons, which are proved by the app's signing
// secret (Slack API, "Verifying requests from Slack").
package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"tamachi/internal/notify"
)

// Workspace is a chat.
type Workspace struct{ client *api.Client }

var _ notify.Chat = (*Workspace)(nil)

// timeout bounds one post.
const timeout = 30 * time.Second

// maxText is what one message takes; longer ones Slack would cut.
// Source: Slack API, chat.postMessage, "Truncating content".
const maxText = 39_000

// New returns a workspace. Address is that of another API than Slack's, for
// tests, or empty.
func New(token, address string) *Workspace {
	opts := []api.Option{api.OptionHTTPClient(&http.Client{Timeout: timeout}), api.OptionRetry(3)}
	if address != "" {
		opts = append(opts, api.OptionAPIURL(strings.TrimSuffix(address, "/")+"/"))
	}
	return &Workspace{api.New(token, opts...)}
}

// Post posts a message. What could be markup or a call to people is escaped, but
// for Everyone.
func (w *Workspace) Post(ctx context.Context, m notify.ChatMessage) (string, error) {
	text := escape(m.Text)
	if m.Everyone {
		text = "<!channel> " + text
	}
	opts := []api.MsgOption{api.MsgOptionText(text, false), api.MsgOptionDisableLinkUnfurl()}
	if m.Thread != "" {
		opts = append(opts, api.MsgOptionTS(m.Thread))
	}
	if len(m.Buttons) > 0 {
		opts = append(opts, api.MsgOptionBlocks(blocks(text, m.Buttons)...))
	}
	_, id, err := w.client.PostMessageContext(ctx, m.To, opts...)
	if err != nil {
		return "", fmt.Errorf("post to %s: %w", m.To, refused(err))
	}
	return id, nil
}

// escape makes text that is only text.
// Source: Slack API, "Formatting text for app surfaces", "Escaping text".
func escape(s string) string {
	if r := []rune(s); len(r) > maxText {
		s = string(r[:maxText]) + "..."
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// maxSection is the longest text of a block (Slack API, "Section block").
const maxSection = 3000

func blocks(text string, buttons []notify.Button) []api.Block {
	if r := []rune(text); len(r) > maxSection {
		text = string(r[:maxSection-3]) + "..."
	}
	elements := make([]api.BlockElement, 0, len(buttons))
	for _, b := range buttons {
		// Both languages on one button: a channel is read by all.
		one := api.NewButtonBlockElement(b.Action, b.Value, api.NewTextBlockObject(api.PlainTextType, b.Label[0]+" / "+b.Label[1], false, false))
		if b.Danger {
			one.Style = api.StyleDanger
		}
		elements = append(elements, one)
	}
	return []api.Block{
		api.NewSectionBlock(api.NewTextBlockObject(api.MarkdownType, text, false, false), nil, nil),
		api.NewActionBlock("", elements...),
	}
}

// refused marks what Slack will say no to again.
func refused(err error) error {
	answer, ok := errors.AsType[api.SlackErrorResponse](err)
	if !ok {
		return err
	}
	switch answer.Err {
	case "channel_not_found", "not_in_channel", "is_archived", "user_not_found", "msg_too_long", "no_text", "restricted_action", "invalid_blocks":
		return fmt.Errorf("%w: %s", notify.ErrRefused, answer.Err)
	}
	return err
}

// maxClick bounds the body of a click.
const maxClick = 1 << 20

// ErrForged is a request that the signing secret does not prove, or an old one.
var ErrForged = errors.New("the request is not Slack's, or is old")

// Clicks reads the clicks of a request. Its signature is proved first, and that
// it is no older than five minutes.
func Clicks(r *http.Request, secret string) ([]notify.Click, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxClick))
	if err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	if secret == "" {
		return nil, ErrForged
	}
	v, err := api.NewSecretsVerifier(r.Header, secret)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForged, err)
	}
	if _, err := v.Write(body); err != nil {
		return nil, err
	}
	if err := v.Ensure(); err != nil {
		return nil, ErrForged
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	call, err := api.InteractionCallbackParse(r)
	if err != nil {
		return nil, fmt.Errorf("read the click: %w", err)
	}
	if call.Type != api.InteractionTypeBlockActions {
		return nil, nil
	}
	var out []notify.Click
	for _, a := range call.ActionCallback.BlockActions {
		if a != nil {
			out = append(out, notify.Click{Member: call.User.ID, Action: a.ActionID, Value: a.Value})
		}
	}
	return out, nil
}
