package account

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/pflag"
	"golang.org/x/time/rate"

	"tamachi/internal/desk/report"
)

// Calls says how calls are made. Copies of one that Flags was called on share
// its rate: a duty that reads first and applies then stays below it as a whole.
type Calls struct {
	Rate     float64       // calls a second at most, of all together; 0 is as fast as AWS lets
	Patience time.Duration // how long an endpoint may say nothing, before and within an answer; 0 is defaultPatience

	shared *pace
}

// defaultPatience is above what AWS takes for any call of the desk.
const defaultPatience = 30 * time.Second

// Flags adds the options.
func (c *Calls) Flags(fs *pflag.FlagSet) {
	c.shared = new(pace)
	fs.Float64Var(&c.Rate, "rate", 0, "AWS calls a second at most, all accounts together (default no limit but AWS's)")
	fs.DurationVar(&c.Patience, "call-timeout", defaultPatience, "how long an endpoint may say nothing before a call is made again")
}

// Check tells what is wrong with the options.
func (c *Calls) Check() error {
	switch {
	case c.Rate < 0:
		return errors.New("--rate must not be below zero")
	case c.Patience < 0:
		return errors.New("--call-timeout must not be below zero")
	}
	return nil
}

// limit is what all clients of these calls wait for; nil is no limit.
func (c Calls) limit() *rate.Limiter {
	if c.Rate <= 0 {
		return nil
	}
	if c.shared == nil {
		return rate.NewLimiter(rate.Limit(c.Rate), 1)
	}
	return c.shared.of(c.Rate)
}

// Watch tells a person every two seconds how many calls were made, until stop is
// called.
func (c *Calls) Watch(out io.Writer, lang report.Lang) (stop func()) {
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(quiet)
		defer t.Stop()
		for took := quiet; ; took += quiet {
			select {
			case <-ended:
				return
			case <-t.C:
				fmt.Fprintln(out, text.Working.In(lang, "n", c.made(), "took", took))
			}
		}
	}()
	return func() {
		close(ended)
		<-done
	}
}

// quiet is how long nobody is told anything.
const quiet = 2 * time.Second

func (c *Calls) made() int64 {
	if c.shared == nil {
		return 0
	}
	return c.shared.made.Load()
}

// counted counts requests.
type counted struct {
	client aws.HTTPClient
	made   *atomic.Int64
}

// Do counts and sends.
func (c counted) Do(r *http.Request) (*http.Response, error) {
	c.made.Add(1)
	return c.client.Do(r)
}

// pace is the one limiter and counter of those who share it.
type pace struct {
	made    atomic.Int64
	mu      sync.Mutex
	limiter *rate.Limiter // guarded by mu
}

func (p *pace) of(perSecond float64) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limiter == nil {
		p.limiter = rate.NewLimiter(rate.Limit(perSecond), 1)
	}
	return p.limiter
}

// paced waits for its turn before each request, retries included.
type paced struct {
	client aws.HTTPClient
	pace   *rate.Limiter
}

// Do waits and sends.
func (p paced) Do(r *http.Request) (*http.Response, error) {
	if err := p.pace.Wait(r.Context()); err != nil {
		return nil, err
	}
	return p.client.Do(r)
}
