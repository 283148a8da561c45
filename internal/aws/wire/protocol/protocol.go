// Package protocol chooses the codec of a service. It stands apart from
// package codec so that the protocols can import that one.
package protocol

import (
	"net/http"
	"slices"
	"strings"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/awsjson"
	"tamachi/internal/aws/wire/awsquery"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/ec2query"
	"tamachi/internal/aws/wire/restjson"
	"tamachi/internal/aws/wire/restxml"
	"tamachi/internal/aws/wire/rpccbor"
)

// For returns the codec of the protocol that a service speaks where a request
// does not choose; ok is false for a protocol that has none.
func For(svc *model.Service) (c codec.Codec, ok bool) {
	c, ok = codecs[svc.Protocol]
	return c, ok
}

// Of returns the protocol and the codec that a request chooses among those that
// the service speaks: CloudWatch hears CBOR from the newest SDKs, JSON from the
// AWS CLI and forms from older clients.
func Of(svc *model.Service, h http.Header) (name string, c codec.Codec) {
	name = chosen(h)
	if c, ok := codecs[name]; ok && slices.Contains(svc.Protocols, name) {
		return name, c
	}
	c, _ = For(svc)
	return svc.Protocol, c
}

// chosen is the protocol that a request looks like, by the name that models use.
func chosen(h http.Header) string {
	switch {
	case h.Get("Smithy-Protocol") == rpccbor.Protocol:
		return "smithy-rpc-v2-cbor"
	case h.Get("X-Amz-Target") != "":
		return "json"
	case strings.HasPrefix(h.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return "query"
	}
	return ""
}

// codecs are the protocols by the names that models use.
var codecs = map[string]codec.Codec{
	"json":               awsjson.Codec{},
	"query":              awsquery.Codec{},
	"ec2":                ec2query.Codec{},
	"rest-json":          restjson.Codec{},
	"rest-xml":           restxml.Codec{},
	"smithy-rpc-v2-cbor": rpccbor.Codec{},
	"ssmmessages":        gateway{},
}
