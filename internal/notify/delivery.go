package notify

import "time"

// DeliveryState is how far a notice has come.
type DeliveryState string

// The states of a delivery. Sent and Failed are the last ones.
const (
	Waiting DeliveryState = "WAITING" // to be sent, or sent again after a failure
	Sent    DeliveryState = "SENT"    // the next in line has taken it
	Failed  DeliveryState = "FAILED"  // refused, or given up after days
)

// Delivery is how a notice fares.
type Delivery struct {
	State    DeliveryState
	Attempts int
	Error    string    // of the last attempt; "" when it went well
	At       time.Time // of the last change
}
