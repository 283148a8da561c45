package fake_test

import (
	"testing"

	"tamachi/internal/notify"
	"tamachi/internal/notify/fake"
	"tamachi/internal/notify/notifytest"
)

func TestSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) (notify.Sender, func() []notifytest.Arrived) {
		r := fake.New()
		return r, func() []notifytest.Arrived {
			var out []notifytest.Arrived
			for _, n := range r.Sent() {
				out = append(out, notifytest.Composed(t, n))
			}
			return out
		}
	})
}
