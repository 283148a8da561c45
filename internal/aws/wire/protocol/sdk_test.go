package protocol_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/model"
)

// withoutSDK are the services and operations whose structs the SDK lacks; their
// rooms declare them. Here structs are made from the model instead.
var withoutSDK = map[string]string{
	"ds-data":                   "no Go module of Directory Service Data can be had",
	"ec2messages":               "AWS publishes no SDK for the agents' long poll",
	"ssmmessages":               "AWS publishes no SDK for the agents' gateway",
	"tamachi":                   "our own service",
	"desk":                      "our own service, for the console",
	"s3.ListDirectoryBuckets":   "has a host of its own, for buckets of a kind that Tamachi does not have",
	"s3.WriteGetObjectResponse": "has a host of its own, for Lambda functions",
}

// lacksSDK tells whether the SDK has no struct of an operation: those above, and
// the agents' operations of Systems Manager, which are in no public model and
// so in the additions to it.
func lacksSDK(t *testing.T, svc *model.Service, op *model.Operation) bool {
	t.Helper()
	if withoutSDK[svc.Name] != "" || withoutSDK[svc.Name+"."+op.Name] != "" {
		return true
	}
	if svc.Name != "ssm" {
		return false
	}
	b, err := os.ReadFile("../../model/additions/ssm.json")
	if err != nil {
		t.Fatal(err)
	}
	var added struct{ Operations map[string]any }
	if err := json.Unmarshal(b, &added); err != nil {
		t.Fatal(err)
	}
	return added.Operations[op.Name] != nil
}

// sdkClients are clients of every service that has a module. Their calls end
// in rt, nothing is retried.
func sdkClients(rt http.RoundTripper) map[string]reflect.Value {
	cfg := aws.Config{
		Region: "ap-northeast-1", HTTPClient: &http.Client{Transport: rt},
		// Checksums have tests of their own; here they would add members to what is sent.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		Retryer:                    func() aws.Retryer { return aws.NopRetryer{} },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "example"}, nil
		}),
	}
	return map[string]reflect.Value{
		"accessanalyzer":           reflect.ValueOf(accessanalyzer.NewFromConfig(cfg)),
		"sts":                      reflect.ValueOf(sts.NewFromConfig(cfg)),
		"workspaces":               reflect.ValueOf(workspaces.NewFromConfig(cfg)),
		"ds":                       reflect.ValueOf(directoryservice.NewFromConfig(cfg)),
		"cloudtrail":               reflect.ValueOf(cloudtrail.NewFromConfig(cfg)),
		"logs":                     reflect.ValueOf(cloudwatchlogs.NewFromConfig(cfg)),
		"iam":                      reflect.ValueOf(iam.NewFromConfig(cfg)),
		"kms":                      reflect.ValueOf(kms.NewFromConfig(cfg)),
		"organizations":            reflect.ValueOf(organizations.NewFromConfig(cfg)),
		"resourcegroupstaggingapi": reflect.ValueOf(resourcegroupstaggingapi.NewFromConfig(cfg)),
		"s3": reflect.ValueOf(s3.NewFromConfig(cfg, func(o *s3.Options) {
			o.UsePathStyle = true
			o.DisableS3ExpressSessionAuth = aws.Bool(true)
		})),
		"cloudwatch":      reflect.ValueOf(cloudwatch.NewFromConfig(cfg)),
		"events":          reflect.ValueOf(eventbridge.NewFromConfig(cfg)),
		"resource-groups": reflect.ValueOf(resourcegroups.NewFromConfig(cfg)),
		"sns":             reflect.ValueOf(sns.NewFromConfig(cfg)),
		"ec2":             reflect.ValueOf(ec2.NewFromConfig(cfg)),
		"ssm":             reflect.ValueOf(ssm.NewFromConfig(cfg)),
	}
}

// noTransport is for clients that are asked for their types only.
type noTransport struct{}

func (noTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no call was expected")
}

// everyOperation calls f with each operation of each service and the types of
// its input and output structs, in a fixed order.
func everyOperation(t *testing.T, f func(svc *model.Service, op *model.Operation, in, out reflect.Type)) {
	t.Helper()
	clients := sdkClients(noTransport{})
	for _, name := range model.Services() {
		svc, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range sortedOperations(svc) {
			if name == "s3" && withoutSDK["s3."+op.Name] != "" {
				continue
			}
			if lacksSDK(t, svc, op) {
				f(svc, op, structOf(op.Input), structOf(op.Output))
				continue
			}
			method := clients[name].MethodByName(op.Name)
			if !method.IsValid() {
				t.Errorf("the SDK's client of %s has no %s", name, op.Name)
				continue
			}
			f(svc, op, method.Type().In(1).Elem(), method.Type().Out(0).Elem())
		}
	}
}

func sortedOperations(svc *model.Service) []*model.Operation {
	ops := make([]*model.Operation, 0, len(svc.Operations))
	for _, op := range svc.Operations {
		ops = append(ops, op)
	}
	slices.SortFunc(ops, func(a, b *model.Operation) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return ops
}

// structOf makes a Go struct for a structure as a room would write it. The
// shapes it is used for are not recursive.
func structOf(s *model.Shape) reflect.Type {
	var fields []reflect.StructField
	for _, m := range s.Members {
		fields = append(fields, reflect.StructField{Name: m.Field(), Type: typeOf(m.Shape, true)})
	}
	return reflect.StructOf(fields)
}

func typeOf(s *model.Shape, member bool) reflect.Type {
	var t reflect.Type
	switch s.Type {
	case model.Structure:
		t = structOf(s)
	case model.List:
		return reflect.SliceOf(typeOf(s.Member.Shape, false))
	case model.Map:
		return reflect.MapOf(reflect.TypeFor[string](), typeOf(s.Value.Shape, false))
	case model.Blob:
		return reflect.TypeFor[[]byte]()
	case model.Integer:
		t = reflect.TypeFor[int32]()
	case model.Long:
		t = reflect.TypeFor[int64]()
	case model.Float:
		t = reflect.TypeFor[float32]()
	case model.Double:
		t = reflect.TypeFor[float64]()
	case model.Boolean:
		t = reflect.TypeFor[bool]()
	case model.Timestamp:
		t = reflect.TypeFor[time.Time]()
	default:
		t = reflect.TypeFor[string]()
		if len(s.Enum) > 0 {
			return t
		}
	}
	if member {
		return reflect.PointerTo(t)
	}
	return t
}

func TestEveryMemberHasItsField(t *testing.T) {
	n := 0
	everyOperation(t, func(svc *model.Service, op *model.Operation, in, out reflect.Type) {
		if _, err := model.Bind(op.Input, reflect.PointerTo(in)); err != nil {
			t.Errorf("%s %s: input: %v", svc.Name, op.Name, err)
		}
		if _, err := model.Bind(op.Output, reflect.PointerTo(out)); err != nil {
			t.Errorf("%s %s: output: %v", svc.Name, op.Name, err)
		}
		n++
	})
	if n < 400 {
		t.Errorf("want over 400 operations, saw %d", n)
	}
}
