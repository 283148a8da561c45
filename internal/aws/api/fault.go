package api

import "github.com/aws/smithy-go"

// Fault is an error for the caller that the service's model does not list,
// where its HTTP status or its further members matter: most of S3's. Where the
// model has the error, rooms return the SDK's struct; where neither status nor
// members matter, a *smithy.GenericAPIError does.
type Fault struct {
	Code    string
	Message string
	Status  int               // HTTP status
	Extra   map[string]string // further members of the error document, by wire name
	Header  map[string]string // headers of the answer
}

var _ smithy.APIError = (*Fault)(nil)

// Error is the code and the message.
func (f *Fault) Error() string { return f.Code + ": " + f.Message }

// ErrorCode is the code on the wire.
func (f *Fault) ErrorCode() string { return f.Code }

// ErrorMessage is the text for people.
func (f *Fault) ErrorMessage() string { return f.Message }

// ErrorFault tells whose mistake it is.
func (f *Fault) ErrorFault() smithy.ErrorFault {
	if f.Status >= 500 {
		return smithy.FaultServer
	}
	return smithy.FaultClient
}
