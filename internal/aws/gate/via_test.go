package gate

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
)

func TestACallForwardedByAServiceSaysSo(t *testing.T) {
	f := open(t)
	c := &api.Call{Caller: administrator, Account: account, Service: "sts", Operation: "GetCallerIdentity"}
	c.Via, c.TLS = []string{"a.amazonaws.com", "ssm.amazonaws.com"}, &api.TLS{Version: "TLSv1.3"}
	if _, err := f.Do(t.Context(), c, &sts.GetCallerIdentityInput{}); err != nil {
		t.Fatal(err)
	}
	e := f.trail.later[0]
	if e.InvokedBy != "ssm.amazonaws.com" || e.SourceIP != "ssm.amazonaws.com" || e.UserAgent != "ssm.amazonaws.com" || e.TLS != nil {
		t.Errorf("want the record to name the service that sent the call, got %+v", e)
	}
}
