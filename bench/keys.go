package main

import (
	"context"
	"fmt"
	"time"

	"tamachi/e2e/browser"
	"tamachi/internal/desk/account"
)

// keysTyped is how many keys are pressed, and keyPause how long a typist waits
// in between.
const (
	keysTyped = 200
	keyPause  = 50 * time.Millisecond
)

// keys types into the terminal of a real desktop in a real browser: from the
// browser's event of the key to the frame of the page that shows the letter.
func keys(ctx context.Context, p *plane) ([]figure, error) {
	desktops, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	b, err := browser.Start(ctx, browser.Options{Dir: "e2e/browser", Timeout: time.Minute})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	if err := p.show(ctx, b, *desktops[0].WorkspaceId); err != nil {
		return nil, err
	}
	room, err := b.Do(browser.Order{Do: "screen"})
	if err != nil {
		return nil, err
	}
	if err := all(b,
		browser.Order{Do: "size", Width: room.Width, Height: room.Height},
		browser.Order{Do: "tap", X: 300, Y: 300}, // the terminal
	); err != nil {
		return nil, err
	}
	shown := figure{name: "key press to pixel on loopback", must: "60 ms (35 ms)", unit: "ms", note: fmt.Sprintf(
		"%d keys, one every %s at most, into the terminal; measured in the page, from the key's event in Chromium to the end of the frame that shows the change", keysTyped, keyPause)}
	drawn := figure{name: "the same until noVNC has drawn it", unit: "ms", note: "what is left is the wait for the page's next frame"}
	for i := range keysTyped {
		a, err := b.Do(browser.Order{Do: "echo", Key: []string{"x", "Backspace"}[i%2]})
		if err != nil {
			return nil, err
		}
		shown.values, drawn.values = append(shown.values, a.EchoMS), append(drawn.values, a.DrawnMS)
		if err := account.Pause(ctx, keyPause); err != nil {
			return nil, err
		}
	}
	return []figure{shown, drawn}, nil
}
