package sns

import (
	"testing"
	"time"
)

func TestWhenAFailedDeliveryIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		name, policy string
		want         []int // seconds
	}{
		{"as usual", "", []int{20, 20, 20}},
		{
			"all phases",
			`{"healthyRetryPolicy":{"minDelayTarget":10,"maxDelayTarget":40,"numRetries":7,"numNoDelayRetries":1,"numMinDelayRetries":1,"numMaxDelayRetries":2,"backoffFunction":"linear"}}`,
			[]int{0, 10, 20, 30, 40, 40, 40},
		},
		{"never", `{"healthyRetryPolicy":{"numRetries":0}}`, nil},
		{"exponentially", `{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":101,"numRetries":4,"backoffFunction":"exponential"}}`, []int{4, 12, 36, 101}},
	} {
		r, _ := retriesOf(&topic{}, &subscription{Attributes: map[string]string{attributeDelivery: c.policy}})
		for i, want := range c.want {
			got, ok := r.pause(i + 1)
			if !ok || got.Truncate(time.Second) != time.Duration(want)*time.Second {
				t.Errorf("%s: retry %d: want after %d s, got %v, %v", c.name, i+1, want, got, ok)
			}
		}
		if _, ok := r.pause(len(c.want) + 1); ok {
			t.Errorf("%s: want no more than %d retries", c.name, len(c.want))
		}
	}
}

func FuzzDeliveryPolicy(f *testing.F) {
	f.Add(`{"http":{"defaultHealthyRetryPolicy":{"numRetries":50,"numMaxDelayRetries":3},"disableSubscriptionOverrides":true}}`)
	f.Add(`{"healthyRetryPolicy":{"backoffFunction":"geometric","minDelayTarget":1,"maxDelayTarget":3600,"numRetries":100}}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := readDelivery(text)
		if err != nil || p.Healthy == nil {
			return
		}
		n := 0
		for ; n < 200; n++ {
			wait, ok := p.Healthy.pause(n + 1)
			if !ok {
				break
			}
			if wait < 0 || wait > time.Hour {
				t.Fatalf("%s: retry %d waits %v", text, n+1, wait)
			}
		}
		if n > 100 {
			t.Errorf("%s: %d retries", text, n)
		}
	})
}
