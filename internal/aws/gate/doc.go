// Package gate is the pipeline that every call passes: is the input valid, may
// they, run the operation, record it. It is the only caller of operations.
//
// The order is AWS's: authentication happened before (package sigv4), then
// validation of the input against the service model, then authorization, then
// the operation with its own checks. A denial is durable before it is
// answered. The record of a change commits with the change; the response
// elements that a record also carries may follow up to a second later, as may
// the records of successful reads.
package gate
