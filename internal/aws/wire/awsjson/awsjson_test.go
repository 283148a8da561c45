package awsjson_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/awsjson"
	"tamachi/internal/aws/wire/codec"
)

func load(t testing.TB, service, operation string) (*model.Service, *model.Operation) {
	t.Helper()
	svc, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	op := svc.Operations[operation]
	if op == nil {
		t.Fatalf("%s has no %s", service, operation)
	}
	return svc, op
}

var unexported = cmp.FilterPath(func(p cmp.Path) bool {
	f, ok := p.Last().(cmp.StructField)
	return ok && (f.Name() == "noSmithyDocumentSerde" || f.Name() == "ResultMetadata")
}, cmp.Ignore())

func TestOperationIsNamedByTheTarget(t *testing.T) {
	svc, _ := load(t, "workspaces", "CreateWorkspaces")
	for _, row := range []struct {
		name, target, want string
		ok                 bool
	}{
		{"a target of the service names its operation", "WorkspacesService.CreateWorkspaces", "CreateWorkspaces", true},
		{"an unknown operation is still a name", "WorkspacesService.Nothing", "Nothing", true},
		{"another service's target is none", "AmazonSSM.SendCommand", "AmazonSSM.SendCommand", false},
		{"no target is none", "", "", false},
	} {
		r := &codec.Request{Method: "POST", Path: "/", Header: http.Header{"X-Amz-Target": {row.target}}}
		got, ok := awsjson.Codec{}.Operation(svc, r)
		if ok != row.ok || ok && got != row.want {
			t.Errorf("%s: want %q %v, got %q %v", row.name, row.want, row.ok, got, ok)
		}
	}
	header := http.Header{"X-Amz-Target": {"WorkspacesService.CreateWorkspaces"}}
	for _, method := range []string{"GET", "HEAD", "PUT", "CONNECT", "TRACE", "post", ""} {
		r := &codec.Request{Method: method, Path: "/", Header: header}
		if got, ok := (awsjson.Codec{}).Operation(svc, r); ok {
			t.Errorf("method %q: want no operation, got %q", method, got)
		}
	}
}

func TestDecode(t *testing.T) {
	svc, op := load(t, "workspaces", "CreateWorkspaces")
	body := `{"Workspaces":[{"DirectoryId":"d-90670a1b2c","UserName":"\u85e4\u7530.kouhei","BundleId":"wsb-0123456789","Unknown":{"a":[1,{"b":null}]},` +
		`"WorkspaceProperties":{"RunningMode":"AUTO_STOP","RunningModeAutoStopTimeoutInMinutes":60,"Protocols":[]},"Tags":[{"Key":"team","Value":null},null]}]}`
	var got workspaces.CreateWorkspacesInput
	present, err := awsjson.Codec{}.Decode(svc, op, &codec.Request{Body: []byte(body)}, &got)
	if err != nil {
		t.Fatal(err)
	}
	want := workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: aws.String("d-90670a1b2c"), UserName: aws.String("藤田.kouhei"), BundleId: aws.String("wsb-0123456789"),
		WorkspaceProperties: &types.WorkspaceProperties{
			RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: aws.Int32(60), Protocols: []types.Protocol{},
		},
		Tags: []types.Tag{{Key: aws.String("team")}},
	}}}
	if d := cmp.Diff(want, got, unexported); d != "" {
		t.Errorf("decoded (-want +got):\n%s", d)
	}
	if !present.Has("Workspaces") || present.Has("Nothing") {
		t.Errorf("want Workspaces given and nothing else, got %v", present)
	}
}

func TestDecodeOfBareMembersTellsPresence(t *testing.T) {
	svc, op := load(t, "ssm", "CreateMaintenanceWindow")
	for _, row := range []struct {
		name, body string
		want       bool
	}{
		{"a zero that was given is present", `{"Cutoff":0}`, true},
		{"a null is absent", `{"Cutoff":null}`, false},
		{"the last of two wins, here the null", `{"Cutoff":3,"Cutoff":null}`, false},
		{"nothing given is absent", `{}`, false},
	} {
		var in ssm.CreateMaintenanceWindowInput
		p, err := awsjson.Codec{}.Decode(svc, op, &codec.Request{Body: []byte(row.body)}, &in)
		if err != nil || p.Has("Cutoff") != row.want || in.Cutoff != 0 {
			t.Errorf("%s: want %v, got %v, Cutoff %d, %v", row.name, row.want, p.Has("Cutoff"), in.Cutoff, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	svc, op := load(t, "cloudtrail", "LookupEvents")
	deep := ""
	for range 70 {
		deep += `{"x":[`
	}
	for _, row := range []struct{ name, body, want string }{
		{"an empty body", ``, ""},
		{"half an object", `{`, ""},
		{"a trailing comma", `{"MaxResults":1,}`, ""},
		{"something behind the object", `{} {}`, ""},
		{"null for a body", `null`, ""},
		{"a number for a body", `1`, ""},
		{"a raw line break in a string", "{\"NextToken\":\"a\nb\"}", ""},
		{"bytes that are no UTF-8", "{\"NextToken\":\"\xff\"}", ""},
		{"a lone surrogate", `{"NextToken":"\ud800"}`, ""},
		{"a number with a leading zero", `{"MaxResults":01}`, ""},
		{"a list for a body", `[]`, "Start of list found where not expected"},
		{"a string for an integer", `{"MaxResults":"1"}`, "STRING_VALUE can not be converted to an Integer"},
		{"a boolean for an integer", `{"MaxResults":true}`, "TRUE_VALUE can not be converted to an Integer"},
		{"an integer out of range", `{"MaxResults":2147483648}`, "NUMBER_VALUE can not be converted to an Integer"},
		{"a list for an integer", `{"MaxResults":[1]}`, "Start of list found where not expected"},
		{"an object for an integer", `{"MaxResults":{"a":1}}`, "Start of structure or map found where not expected."},
		{"a number for a string", `{"NextToken":1.5}`, "NUMBER_VALUE can not be converted to a String"},
		{"a string for a list", `{"LookupAttributes":"x"}`, "Expected list or null"},
		{"an object for a list", `{"LookupAttributes":{}}`, "Start of structure or map found where not expected."},
		{"a string for a structure", `{"LookupAttributes":["x"]}`, "Expected null"},
		{"a list for a structure", `{"LookupAttributes":[[]]}`, "Start of list found where not expected"},
		{"a word for a time", `{"StartTime":"yesterday"}`, "STRING_VALUE can not be converted to a Timestamp"},
		{"a time beyond the year 9999", `{"StartTime":1e12}`, "NUMBER_VALUE can not be converted to a Timestamp"},
		{"an unknown member of 140 levels", `{"x":` + deep, "The request nests too deeply."},
	} {
		var in cloudtrail.LookupEventsInput
		_, err := awsjson.Codec{}.Decode(svc, op, &codec.Request{Body: []byte(row.body)}, &in)
		var f *codec.Fault
		if !errors.As(err, &f) || f.Code != "SerializationException" || f.Message != row.want {
			t.Errorf("%s: want SerializationException %q, got %v", row.name, row.want, err)
		}
	}
}

func TestDecodeReadsTimes(t *testing.T) {
	svc, op := load(t, "cloudtrail", "LookupEvents")
	want := time.Date(2026, 11, 22, 8, 0, 0, 250e6, time.UTC)
	for _, body := range []string{`{"StartTime":1795334400.25}`, `{"StartTime":"2026-11-22T08:00:00.250Z"}`, `{"StartTime":"2026-11-22T17:00:00.25+09:00"}`} {
		var in cloudtrail.LookupEventsInput
		if _, err := (awsjson.Codec{}).Decode(svc, op, &codec.Request{Body: []byte(body)}, &in); err != nil || !in.StartTime.Equal(want) {
			t.Errorf("%s: want %v, got %v, %v", body, want, in.StartTime, err)
		}
	}
}

func TestEncode(t *testing.T) {
	svc, op := load(t, "ssm", "ListCommands")
	out := &ssm.ListCommandsOutput{Commands: []ssmtypes.Command{{
		CommandId: aws.String("a\"\\\n\x01é"), RequestedDateTime: aws.Time(time.UnixMilli(1795334400120)),
		Parameters: map[string][]string{"b": {}, "a": {"x", ""}}, InstanceIds: []string{},
	}}}
	got, err := awsjson.Codec{}.Encode(svc, op, out, "req-1")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Commands":[{"CommandId":"a\"\\\n\u0001é","Parameters":{"a":["x",""],"b":[]},"InstanceIds":[],"RequestedDateTime":1795334400.12,` +
		`"TargetCount":0,"CompletedCount":0,"ErrorCount":0,"DeliveryTimedOutCount":0}]}`
	if string(got.Body) != want {
		t.Errorf("body: want\n%s\ngot\n%s", want, got.Body)
	}
	if got.Status != 200 || got.Header.Get("x-amzn-RequestId") != "req-1" || got.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
		t.Errorf("want 200, the request id and JSON 1.1, got %d %v", got.Status, got.Header)
	}
	if empty, err := (awsjson.Codec{}).Encode(svc, op, nil, "r"); err != nil || string(empty.Body) != "{}" {
		t.Errorf("no output: want {}, got %s, %v", empty.Body, err)
	}
}

func TestFault(t *testing.T) {
	svc, _ := load(t, "workspaces", "CreateWorkspaces")
	for _, row := range []struct {
		name   string
		err    error
		body   string
		status int
	}{
		{
			"a modelled error carries its members", &types.ResourceNotFoundException{Message: aws.String("no such"), ResourceId: aws.String("ws-1")},
			`{"__type":"ResourceNotFoundException","message":"no such","ResourceId":"ws-1"}`, 400,
		},
		{"a message is written in the model's spelling", &types.ValidationException{Message: aws.String("bad")}, `{"__type":"ValidationException","message":"bad"}`, 400},
		{"malformed JSON has no message", &codec.Fault{Code: "SerializationException"}, `{"__type":"SerializationException"}`, 400},
		{"the framework's message has a capital letter", &codec.Fault{Code: "SerializationException", Message: "m"}, `{"__type":"SerializationException","Message":"m"}`, 400},
		{
			"any other error tells nothing of itself", errors.New("secret path"),
			`{"__type":"InternalFailure","message":"The request processing has failed because of an unknown error, exception or failure."}`, 500,
		},
	} {
		got := awsjson.Codec{}.Fault(svc, codec.FaultFrom(svc, row.err), "req-1")
		if string(got.Body) != row.body || got.Status != row.status || got.Header.Get("X-Amzn-ErrorType") == "" {
			t.Errorf("%s: want %d %s, got %d %s", row.name, row.status, row.body, got.Status, got.Body)
		}
	}
}
