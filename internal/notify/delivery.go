package notify

import "time"

// DeliveryState is how far a notice has come.
type DeliveryState string

// The states of a delivery. Bounced and Failed are the last ones, and Sent where
// bounces are not collected.
const (
	Waiting DeliveryState = "WAITING" // to be sent, or sent again after a failure
	Sent    DeliveryState = "SENT"    // the next in line has taken it
	Bounced DeliveryState = "BOUNCED" // taken, and later said to be undeliverable
	Failed  DeliveryState = "FAILED"  // refused, or given up after days
)

// Delivery is how a notice fares.
type Delivery struct {
	State    DeliveryState
	Attempts int
	Error    string    // of the last attempt, or of the bounce; "" when it went well
	At       time.Time // of the last change
}
