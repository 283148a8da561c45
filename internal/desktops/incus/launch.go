package incus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// patience is how long a display may take to answer.
const patience = 90 * time.Second

// launch starts an instance and returns when its display answers. If it does
// not come up, nothing of it is left running.
func (p *Provider) launch(ctx context.Context, id string) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := p.rise(limited, id)
	if err == nil {
		return p.want(ctx, id, up)
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	return errors.Join(fmt.Errorf("%w%s", err, p.lastWords(after, id)), p.stop(after, id))
}

// rise listens before it starts, so that no word is missed.
func (p *Provider) rise(ctx context.Context, id string) error {
	events, err := p.server.listen(ctx, "lifecycle")
	if err != nil {
		return err
	}
	defer events.close()
	if err := p.do(ctx, http.MethodPut, path("instances", id, "state"), id, map[string]any{"action": "start"}); err != nil {
		return err
	}
	for {
		e, err := events.next(ctx)
		if err != nil {
			return fmt.Errorf("wait until the display answers: %w", err)
		}
		if e.Instance != id {
			continue
		}
		switch e.Action {
		case "instance-ready":
			return nil
		case "instance-shutdown", "instance-stopped":
			return errors.New("the desktop's first process ended")
		}
	}
}

// lastWords is the last line that the first process wrote, for an error's text.
func (p *Provider) lastWords(ctx context.Context, id string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.address(path("instances", id, "console"), nil), nil)
	if err != nil {
		return ""
	}
	res, err := p.server.http.Do(r)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil || res.StatusCode != http.StatusOK || len(text) == 0 {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return ": " + strings.ToValidUTF8(strings.TrimSpace(lines[len(lines)-1]), "?")
}
