package iam

// Ports is what the room asks of the house.
type Ports struct{}
