package restxml

import (
	"net/http"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Fault writes an error document: S3's <Error>, or the <ErrorResponse> of the
// others. What answers a HEAD, and a status 304, goes without one; the front
// door and net/http see to the first.
func (Codec) Fault(svc *model.Service, f *codec.Fault, requestID string) codec.Response {
	s3 := isS3(svc)
	if s3 {
		f = inS3(f)
	}
	r := codec.Response{Status: codec.StatusOf(svc, f), Header: http.Header{}}
	setRequestID(r.Header, s3, requestID)
	f.AddTo(r.Header)
	shape, modelled := svc.ErrorShape(f.Code)
	modelled = modelled && f.Modelled != nil
	if modelled {
		for name, text := range codec.ErrorHeaders(shape, f.Modelled) {
			r.Header.Set(name, text)
		}
	}
	if r.Status == http.StatusNotModified {
		return r
	}
	dst := []byte(declaration)
	if !s3 {
		dst = openRoot(dst, "ErrorResponse", encoder{svc: svc}.namespace())
	}
	dst = codec.OpenTag(dst, "Error")
	if !s3 {
		dst = appendText(dst, "Type", sender(r.Status))
	}
	dst = appendText(dst, "Code", f.Code)
	dst = appendText(dst, "Message", f.Message)
	if modelled {
		dst = codec.AppendXMLErrorMembers(dst, shape, f.Modelled)
	}
	dst = codec.AppendXMLExtra(dst, f)
	if s3 {
		dst = appendText(dst, "RequestId", requestID)
		dst = appendText(dst, "HostId", hostID(requestID))
		dst = codec.CloseTag(dst, "Error")
	} else {
		dst = codec.CloseTag(dst, "Error")
		dst = appendText(dst, "RequestId", requestID)
		dst = codec.CloseTag(dst, "ErrorResponse")
	}
	r.Header.Set("Content-Type", contentType(s3))
	r.Body = dst
	return r
}

func sender(status int) string {
	if status < http.StatusInternalServerError {
		return "Sender"
	}
	return "Receiver"
}

func appendText(dst []byte, name, text string) []byte {
	dst = codec.OpenTag(dst, name)
	dst = codec.AppendXMLText(dst, text)
	return codec.CloseTag(dst, name)
}
