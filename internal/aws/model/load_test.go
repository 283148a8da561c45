package model_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/model"
)

func TestEveryServiceLoads(t *testing.T) {
	want := []string{"accessanalyzer", "cloudtrail", "cloudwatch", "desk", "ds", "ds-data", "ec2", "ec2messages", "events", "iam", "kms", "logs", "organizations", "resource-groups", "resourcegroupstaggingapi", "s3", "sns", "ssm", "ssmmessages", "sts", "tamachi", "workspaces"}
	if got := model.Services(); !slices.Equal(got, want) {
		t.Fatalf("services: want %v, got %v", want, got)
	}
	for _, name := range want {
		s, err := model.Load(name)
		if err != nil {
			t.Errorf("load %s: %v", name, err)
			continue
		}
		if s.SigningName == "" || len(s.Operations) == 0 {
			t.Errorf("%s: want a signing name and operations, got %+v", name, s)
		}
		if again, _ := model.Load(name); again != s {
			t.Errorf("%s: loaded twice", name)
		}
	}
}

func TestUnknownServiceIsRefused(t *testing.T) {
	for _, name := range []string{"", "route53", "../tables/sts", "sts.json"} {
		if s, err := model.Load(name); !errors.Is(err, model.ErrUnknownService) {
			t.Errorf("Load(%q): want ErrUnknownService, got %v, %v", name, s, err)
		}
	}
}

func TestAdditionsJoinTheirService(t *testing.T) {
	s, err := model.Load("ssm")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"SendCommand", "RegisterManagedInstance", "UpdateInstanceInformation"} {
		if s.Operations[name] == nil {
			t.Errorf("ssm has no %s", name)
		}
	}
	shape, ok := s.ErrorShape("MachineFingerprintDoesNotMatch")
	if !ok || shape.Error.Status != 400 || !shape.Error.Sender {
		t.Errorf("MachineFingerprintDoesNotMatch: want a client fault with status 400, got %+v", shape)
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"sts", "workspaces", "ssm"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := model.LoadFresh(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestLoadAndBindAreSafeForConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	got := make([]*model.Binding, 8)
	for i := range got {
		wg.Go(func() {
			s, err := model.Load("cloudtrail")
			if err != nil {
				t.Error(err)
				return
			}
			b, err := model.Bind(s.Operations["LookupEvents"].Output, reflect.TypeFor[*cloudtrail.LookupEventsOutput]())
			if err != nil {
				t.Error(err)
			}
			got[i] = b
		})
	}
	wg.Wait()
	for _, b := range got {
		if b != got[0] {
			t.Error("want one binding for all")
		}
	}
}

func TestBindSaysWhatDoesNotFit(t *testing.T) {
	s, err := model.Load("cloudtrail")
	if err != nil {
		t.Fatal(err)
	}
	in := s.Operations["LookupEvents"].Input
	for _, row := range []struct {
		name string
		typ  reflect.Type
		want string
	}{
		{"a field is missing", reflect.TypeFor[*struct{ StartTime *time.Time }](), "has no field LookupAttributes for member LookupAttributes"},
		{"no struct at all", reflect.TypeFor[*int](), "cannot be held in a int"},
	} {
		if _, err := model.Bind(in, row.typ); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: want %q, got %v", row.name, row.want, err)
		}
	}
}

func TestAdditionsAmendShapes(t *testing.T) {
	s, err := model.Load("ssm")
	if err != nil {
		t.Fatal(err)
	}
	id := "ws-c8wvb67py"
	in := &ssm.GetCommandInvocationInput{CommandId: aws.String("11111111-1111-4111-8111-111111111111"), InstanceId: &id}
	op := s.Operations["GetCommandInvocation"]
	if err := op.Validate(in, op.Given(in)); err != nil {
		t.Errorf("a WorkSpace's id as an instance id: %v", err)
	}
	id = "ws-../etc"
	if err := op.Validate(in, op.Given(in)); err == nil {
		t.Error("any text that begins ws- was taken for an instance id")
	}
	if !s.Shapes["ActivationCode"].Sensitive {
		t.Error("ActivationCode is not sensitive")
	}
}
