package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tamachi/e2e/browser"
	"tamachi/internal/console"
)

// firstLoads is how often the console is opened, each time by a browser that
// has nothing of it.
const firstLoads = 7

// sent writes into the page how many bytes came for it; a browser counts its
// answers' headers as 300 bytes each.
const sent = `(() => {
  const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const note = document.createElement('pre');
  note.id = 'sent';
  note.textContent = String(all.reduce((sum, e) => sum + e.transferSize, 0));
  document.body.append(note);
  return true;
})()`

// consoleHome opens the console's home as somebody who is signed in: from the
// wish to the figures of desktops and alarms on the page.
func consoleHome(ctx context.Context, s settings) (out []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	var took, worked []time.Duration
	bytes := figure{name: "console home: first load, transferred", must: "900 KB (500 KB)", unit: "KB", note: "with the answers of the API, as the browser counts them"}
	for range firstLoads {
		d, cpu, n, err := p.firstLoad(ctx)
		if err != nil {
			return nil, err
		}
		took, worked, bytes.values = append(took, d), append(worked, cpu), append(bytes.values, n/1000)
	}
	return []figure{
		millis("console home: first load on loopback", "1.5 s (0.7 s)", took, "Chromium runs already, with an empty cache; to the figures on the page"),
		millis("console home: first load, work of the page", "", worked, "processor time of its main thread, which other programs do not lengthen"),
		bytes,
	}, nil
}

// firstLoad is one of them: how long it took, how long the page worked, and how
// many bytes came.
func (p *plane) firstLoad(ctx context.Context) (took, worked time.Duration, n float64, err error) {
	b, err := browser.Start(ctx, browser.Options{Dir: "e2e/browser", Timeout: time.Minute})
	if err != nil {
		return 0, 0, 0, err
	}
	defer b.Close()
	key, err := p.config.Credentials.Retrieve(ctx)
	if err != nil {
		return 0, 0, 0, err
	}
	session, err := json.Marshal(map[string]string{
		"accessKeyId": key.AccessKeyID, "secretAccessKey": key.SecretAccessKey, "region": p.config.Region, "account": "", "arn": "",
	})
	if err != nil {
		return 0, 0, 0, err
	}
	base := *p.config.BaseEndpoint
	for _, o := range []browser.Order{
		{Do: "open", URL: base + "/_tamachi/"},
		{Do: "holds", Text: fmt.Sprintf("(sessionStorage.setItem('tamachi-console', %s), true)", strconv.Quote(string(session)))},
		{Do: "work", Is: "begin"},
	} {
		if _, err := b.Do(o); err != nil {
			return 0, 0, 0, err
		}
	}
	start := time.Now()
	for _, o := range []browser.Order{
		{Do: "open", URL: base + console.Prefix},
		{Do: "shown", Selector: `a[aria-label="Desktops: 0"]`},
		{Do: "shown", Selector: `a[aria-label="Alarms: 0"]`},
	} {
		if _, err := b.Do(o); err != nil {
			return 0, 0, 0, err
		}
	}
	took = time.Since(start)
	w, err := b.Do(browser.Order{Do: "work"})
	if err != nil {
		return 0, 0, 0, err
	}
	cpu, err := strconv.ParseFloat(w.Text, 64)
	if err != nil {
		return 0, 0, 0, err
	}
	if _, err := b.Do(browser.Order{Do: "holds", Text: sent}); err != nil {
		return 0, 0, 0, err
	}
	a, err := b.Do(browser.Order{Do: "text", Selector: "#sent"})
	if err != nil {
		return 0, 0, 0, err
	}
	n, err = strconv.ParseFloat(strings.TrimSpace(a.Text), 64)
	return took, time.Duration(cpu * float64(time.Millisecond)), n, err
}
