package rpccbor_test

import (
	"errors"
	"math"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/encoding/cbor"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/rpccbor"
)

func cloudWatch(t testing.TB) *model.Service {
	svc, err := model.Load("cloudwatch")
	if err != nil {
		t.Fatal(err)
	}
	return svc
}

func TestWhichOperationARequestNames(t *testing.T) {
	cb := http.Header{"Smithy-Protocol": {"rpc-v2-cbor"}}
	for name, row := range map[string]struct {
		method, path string
		header       http.Header
		want         string
	}{
		"as the SDK sends it":          {"POST", "/service/GraniteServiceVersion20100801/operation/PutMetricData", cb, "PutMetricData"},
		"behind a prefix":              {"POST", "/a/b/service/GraniteServiceVersion20100801/operation/PutMetricData", cb, "PutMetricData"},
		"without the protocol's name":  {"POST", "/service/X/operation/PutMetricData", nil, ""},
		"another method":               {"GET", "/service/X/operation/PutMetricData", cb, ""},
		"no operation":                 {"POST", "/service/X/operation/", cb, ""},
		"something behind it":          {"POST", "/service/X/operation/PutMetricData/x", cb, ""},
		"the root":                     {"POST", "/", cb, ""},
		"a path that only looks alike": {"POST", "service/X/operation/PutMetricData", cb, ""},
	} {
		if row.header == nil {
			row.header = http.Header{}
		}
		got, ok := rpccbor.Codec{}.Operation(cloudWatch(t), &codec.Request{Method: row.method, Path: row.path, Header: row.header})
		if got != row.want || ok != (row.want != "") {
			t.Errorf("%s: got %q %v, want %q", name, got, ok, row.want)
		}
	}
}

func decode(t testing.TB, body []byte) (cloudwatch.PutMetricAlarmInput, model.Presence, error) {
	svc := cloudWatch(t)
	var in cloudwatch.PutMetricAlarmInput
	p, err := rpccbor.Codec{}.Decode(svc, svc.Operations["PutMetricAlarm"], &codec.Request{Method: "POST", Header: http.Header{}, Body: body}, &in)
	return in, p, err
}

func TestWhatBodiesMean(t *testing.T) {
	for name, row := range map[string]struct {
		body cbor.Value
		code string // "" for none
	}{
		"an empty map":                 {cbor.Map{}, ""},
		"members that nobody knows":    {cbor.Map{"NoSuchMember": cbor.List{cbor.Uint(1)}}, ""},
		"null for a member":            {cbor.Map{"AlarmName": &cbor.Nil{}}, ""},
		"a whole number with a point":  {cbor.Map{"Period": cbor.Float64(60)}, ""},
		"a fraction for an integer":    {cbor.Map{"Period": cbor.Float64(60.5)}, "SerializationException"},
		"an integer beyond 32 bits":    {cbor.Map{"Period": cbor.Uint(1 << 33)}, "SerializationException"},
		"the least integer of CBOR":    {cbor.Map{"Period": cbor.NegInt(math.MaxUint64)}, "SerializationException"},
		"a text for an integer":        {cbor.Map{"Period": cbor.String("60")}, "SerializationException"},
		"bytes for a text":             {cbor.Map{"AlarmName": cbor.Slice("x")}, "SerializationException"},
		"a text that is not UTF-8":     {cbor.Map{"AlarmName": cbor.String("\xff")}, "SerializationException"},
		"a map for a list":             {cbor.Map{"AlarmActions": cbor.Map{}}, "SerializationException"},
		"a list for the whole":         {cbor.List{}, "SerializationException"},
		"a null inside a list":         {cbor.Map{"AlarmActions": cbor.List{&cbor.Nil{}, cbor.String("x")}}, ""},
		"a union with two of its kind": {cbor.Map{"EvaluationCriteria": cbor.Map{}}, "SerializationException"},
	} {
		_, _, err := decode(t, cbor.Encode(row.body))
		fault, _ := errors.AsType[*codec.Fault](err)
		if (err == nil) != (row.code == "") || fault != nil && fault.Code != row.code {
			t.Errorf("%s: got %v, want %q", name, err, row.code)
		}
	}
}

func TestPresence(t *testing.T) {
	in, p, err := decode(t, cbor.Encode(cbor.Map{"AlarmName": cbor.String("a"), "Period": &cbor.Nil{}, "ActionsEnabled": cbor.Bool(false)}))
	if err != nil {
		t.Fatal(err)
	}
	if !p.Has("AlarmName") || !p.Has("ActionsEnabled") || p.Has("Period") || in.Period != nil || *in.ActionsEnabled {
		t.Errorf("presence or values are wrong: %+v", in)
	}
}

// The codes of the query protocol, which older programs compare, travel in a
// header; the type in the body is the newer one.
func TestFaultsTellBothCodes(t *testing.T) {
	svc := cloudWatch(t)
	for name, row := range map[string]struct {
		fault      *codec.Fault
		kind, head string
	}{
		"two types, one old code": {codec.FaultFrom(svc, &types.DashboardNotFoundError{}), "DashboardNotFoundError", "ResourceNotFound;Sender"},
		"a fault of the service":  {codec.FaultFrom(svc, &types.InternalServiceFault{}), "InternalServiceFault", "InternalServiceError;Receiver"},
		"one that no model has":   {&codec.Fault{Code: "AccessDenied", Status: 403}, "AccessDenied", "AccessDenied;Sender"},
	} {
		r := rpccbor.Codec{}.Fault(svc, row.fault, "id")
		body, err := cbor.Decode(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := body.(cbor.Map)["__type"]; !reflect.DeepEqual(got, cbor.String(row.kind)) || r.Header.Get("X-Amzn-Query-Error") != row.head {
			t.Errorf("%s: got %v and %q, want %s and %q", name, got, r.Header.Get("X-Amzn-Query-Error"), row.kind, row.head)
		}
	}
}

func TestTimesAreTagged(t *testing.T) {
	svc := cloudWatch(t)
	at := time.Date(2026, 11, 22, 1, 2, 3, 500e6, time.UTC)
	r, err := rpccbor.Codec{}.Encode(svc, svc.Operations["GetMetricStatistics"], &cloudwatch.GetMetricStatisticsOutput{
		Datapoints: []types.Datapoint{{Timestamp: &at}},
	}, "id")
	if err != nil {
		t.Fatal(err)
	}
	body, err := cbor.Decode(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := body.(cbor.Map)["Datapoints"].(cbor.List)[0].(cbor.Map)["Timestamp"]
	if want := (&cbor.Tag{ID: 1, Value: cbor.Float64(1795309323.5)}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(cbor.Encode(cbor.Map{"AlarmName": cbor.String("a"), "Metrics": cbor.List{cbor.Map{"Id": cbor.String("m")}}, "Period": cbor.NegInt(1)}))
	f.Add([]byte("\xbf\x61a\x9f\xff\xff"))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _, err := decode(t, body)
		if fault, ok := errors.AsType[*codec.Fault](err); err != nil && !ok {
			t.Errorf("got %v, want a fault for the client: %v", err, fault)
		}
	})
}
