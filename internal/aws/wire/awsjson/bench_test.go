package awsjson_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/wire/awsjson"
	"tamachi/internal/aws/wire/codec"
)

func BenchmarkDecodeAndValidate(b *testing.B) {
	svc, op := load(b, "ssm", "PutParameter")
	r := &codec.Request{Body: []byte(`{"Name":"/office/printer","Description":"printer of the second floor","Value":"10.1.2.3",` +
		`"Type":"String","Overwrite":false,"Tags":[{"Key":"team","Value":"it"},{"Key":"site","Value":"tamachi"}],"Tier":"Standard"}`)}
	b.ReportAllocs()
	for b.Loop() {
		var in ssm.PutParameterInput
		p, err := awsjson.Codec{}.Decode(svc, op, r, &in)
		if err != nil {
			b.Fatal(err)
		}
		if err := op.Validate(&in, p); err != nil {
			b.Fatal(err)
		}
	}
}

// twentyFive is a page of WorkSpaces as the desk reads it, about 10 KB.
func twentyFive() *workspaces.DescribeWorkspacesOutput {
	out := &workspaces.DescribeWorkspacesOutput{}
	for i := range 25 {
		out.Workspaces = append(out.Workspaces, types.Workspace{
			WorkspaceId: aws.String(fmt.Sprintf("ws-%09d", i)), DirectoryId: aws.String("d-90670a1b2c"),
			UserName: aws.String(fmt.Sprintf("user.%03d", i)), IpAddress: aws.String("10.1.2.3"), State: types.WorkspaceStateAvailable,
			BundleId: aws.String("wsb-0123456789"), SubnetId: aws.String("subnet-0123456789abcdef0"), ComputerName: aws.String("IP-C6180A0B"),
			RootVolumeEncryptionEnabled: aws.Bool(false), UserVolumeEncryptionEnabled: aws.Bool(false),
			WorkspaceProperties: &types.WorkspaceProperties{
				RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: aws.Int32(60),
				RootVolumeSizeGib: aws.Int32(80), UserVolumeSizeGib: aws.Int32(50), ComputeTypeName: types.ComputeStandard,
				Protocols: []types.Protocol{types.ProtocolWsp},
			},
			ModificationStates: []types.ModificationState{},
		})
	}
	return out
}

func BenchmarkEncode25WorkSpaces(b *testing.B) {
	svc, op := load(b, "workspaces", "DescribeWorkspaces")
	out := twentyFive()
	b.ReportAllocs()
	for b.Loop() {
		r, err := awsjson.Codec{}.Encode(svc, op, out, "req")
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(r.Body)))
	}
}

func TestEncodingARowAllocatesNothing(t *testing.T) {
	svc, op := load(t, "workspaces", "DescribeWorkspaces")
	allocs := func(out *workspaces.DescribeWorkspacesOutput) float64 {
		return testing.AllocsPerRun(200, func() {
			if _, err := (awsjson.Codec{}).Encode(svc, op, out, "req"); err != nil {
				t.Error(err)
			}
		})
	}
	many := twentyFive()
	few := &workspaces.DescribeWorkspacesOutput{Workspaces: many.Workspaces[:1]}
	if a, b := allocs(few), allocs(many); b > a+2 {
		t.Errorf("one row: %.0f allocations, 25 rows: %.0f; want no allocation per row", a, b)
	}
}
