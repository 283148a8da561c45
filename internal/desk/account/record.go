package account

import "strings"

// Record is what every CloudTrail record begins with. A duty embeds it in a
// struct with the request's and the answer's members that it reads.
// Source: CloudTrail User Guide, "CloudTrail record contents".
type Record struct {
	EventTime    string
	EventSource  string
	RequestID    string
	ErrorCode    string
	ErrorMessage string
	UserIdentity struct {
		Type      string
		ARN       string
		UserName  string
		InvokedBy string
	}
}

// Who is the short name by which people know the caller; "" where the record
// does not tell.
// Source: CloudTrail User Guide, "CloudTrail userIdentity element".
func (r *Record) Who() string {
	switch id := r.UserIdentity; {
	case id.InvokedBy != "":
		return id.InvokedBy
	case id.UserName != "":
		return id.UserName
	case id.Type == "Root":
		return "root"
	case id.Type == "AssumedRole":
		_, role, _ := strings.Cut(id.ARN, "assumed-role/")
		return role
	case strings.Contains(id.ARN, "/"):
		return id.ARN[strings.LastIndexByte(id.ARN, '/')+1:]
	}
	return ""
}
