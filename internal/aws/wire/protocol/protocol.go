// Package protocol chooses the codec of a service. It stands apart from
// package codec so that the protocols can import that one.
package protocol

import (
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/awsjson"
	"tamachi/internal/aws/wire/awsquery"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/restjson"
	"tamachi/internal/aws/wire/restxml"
)

// For returns the codec that speaks the service's protocol; ok is false for a
// protocol that has none.
func For(svc *model.Service) (c codec.Codec, ok bool) {
	switch svc.Protocol {
	case "json":
		return awsjson.Codec{}, true
	case "query":
		return awsquery.Codec{}, true
	case "rest-json":
		return restjson.Codec{}, true
	case "rest-xml":
		return restxml.Codec{}, true
	case "ssmmessages":
		return gateway{}, true
	}
	return nil, false
}
