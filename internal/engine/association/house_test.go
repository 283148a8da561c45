package association_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"go.uber.org/goleak"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a whole house with real agents, and a clock of the test's.
type house struct {
	*apitest.Plane
	*ssm.Client
	t    *testing.T
	clk  *clock.Frozen
	role string
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clk: clock.NewFrozen(time.Now())}
	h.Plane = apitest.Start(t, apitest.Options{Clock: h.clk})
	h.role = h.NodeRole()
	h.here()
	return h
}

// here finds the house after a restart.
func (h *house) here() {
	h.Client = h.SSM()
}

// hire runs an agent until the test ends or fire is called.
func (h *house) hire(folder string, tags ...string) (fire func()) {
	h.t.Helper()
	activation, code := h.Activation(tags...)
	return h.Hire(agent.Config{Port: 4566, Folder: folder, ActivationID: activation, ActivationCode: code, AssociateEvery: 50 * time.Millisecond})
}

// keep makes an association that keeps a shell line done on the nodes that
// targets mean.
func (h *house) keep(line string, change ...func(*ssm.CreateAssociationInput)) string {
	h.t.Helper()
	in := &ssm.CreateAssociationInput{
		Name: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {line}},
		Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"*"}}},
	}
	for _, f := range change {
		f(in)
	}
	out, err := h.CreateAssociation(h.t.Context(), in)
	if err != nil {
		h.t.Fatal(err)
	}
	return *out.AssociationDescription.AssociationId
}

func (h *house) overview(id string) string {
	h.t.Helper()
	out, err := h.DescribeAssociation(h.t.Context(), &ssm.DescribeAssociationInput{AssociationId: &id})
	if err != nil {
		h.t.Fatal(err)
	}
	o := out.AssociationDescription.Overview
	return fmt.Sprint(*o.Status, " ", o.AssociationStatusAggregatedCount)
}

func (h *house) becomes(id, want string) {
	h.t.Helper()
	got := ""
	defer func() {
		if h.t.Failed() {
			h.t.Logf("the association is %q", got)
		}
	}()
	apitest.Eventually(h.t, "the association to be "+want, func() bool { got = h.overview(id); return got == want })
}

func (h *house) file(path, want string) {
	h.t.Helper()
	apitest.Eventually(h.t, path+" to hold "+want, func() bool { got, _ := os.ReadFile(path); return string(got) == want })
}

func (h *house) start(id string) {
	h.t.Helper()
	if _, err := h.StartAssociationsOnce(h.t.Context(), &ssm.StartAssociationsOnceInput{AssociationIds: []string{id}}); err != nil {
		h.t.Fatal(err)
	}
}

// bucket makes a bucket that nodes may write to.
func (h *house) bucket(name string) {
	h.t.Helper()
	ctx := h.t.Context()
	_, err := s3.NewFromConfig(h.Config(), pathStyle).CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(h.Access().Region)},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	_, err = iam.NewFromConfig(h.Config()).PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String(filepath.Base(h.role)), PolicyName: aws.String("output"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func pathStyle(o *s3.Options) { o.UsePathStyle = true }

// stored is the content of the one object below a prefix.
func (h *house) stored(bucket, prefix string) string {
	h.t.Helper()
	client := s3.NewFromConfig(h.Config(), pathStyle)
	list, err := client.ListObjectsV2(h.t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	if err != nil || len(list.Contents) != 1 {
		h.t.Fatalf("objects below %s: %v, %v", prefix, list, err)
	}
	got, err := client.GetObject(h.t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: list.Contents[0].Key})
	if err != nil {
		h.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// A file is kept in its state: at once, on demand, at a time of the schedule,
// and on a node that comes later; through a restart of plane and agent.
func TestDriftIsCorrected(t *testing.T) {
	h := open(t)
	folder := t.TempDir()
	fire := h.hire(folder, "Floor", "3")
	h.Online(1)
	path := filepath.Join(t.TempDir(), "state")
	id := h.keep("printf kept > "+path, func(in *ssm.CreateAssociationInput) {
		in.Targets = []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"3"}}}
		in.ScheduleExpression = aws.String("rate(30 minutes)")
	})
	h.becomes(id, "Success map[Success:1]")
	h.file(path, "kept")
	drift := func() {
		t.Helper()
		if err := os.WriteFile(path, []byte("drifted"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	drift()
	h.start(id)
	h.file(path, "kept")
	h.becomes(id, "Success map[Success:1]")

	drift()
	h.clk.Advance(29 * time.Minute)
	if got, _ := os.ReadFile(path); string(got) != "drifted" {
		t.Errorf("corrected before its time: %q", got)
	}
	h.clk.Advance(time.Minute)
	h.file(path, "kept")

	drift()
	h.Restart()
	h.here()
	h.Online(1)
	h.start(id)
	h.file(path, "kept")

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	h.hire(t.TempDir(), "Floor", "3")
	h.becomes(id, "Success map[Success:2]")
	h.file(path, "kept")
	fire()
}

// Every operation: once with success, once refused, and each write seen.
func TestOperationsOfAssociations(t *testing.T) {
	h := open(t)
	h.hire(t.TempDir(), "Floor", "3")
	node, ctx := h.Online(1)[0], t.Context()
	h.bucket("kept-output")
	bad := h.keep("echo no >&2; exit 3", func(in *ssm.CreateAssociationInput) {
		in.AssociationName, in.ComplianceSeverity = aws.String("must-fail"), types.AssociationComplianceSeverityHigh
		in.OutputLocation = &types.InstanceAssociationOutputLocation{S3Location: &types.S3OutputLocation{
			OutputS3BucketName: aws.String("kept-output"), OutputS3KeyPrefix: aws.String("runs"),
		}}
	})
	h.becomes(bad, "Failed map[Failed:1]")
	if got := h.stored("kept-output", "runs/"+bad+"/"); got != "no\n" {
		t.Errorf("the bucket has %q", got)
	}
	apitest.Eventually(h.t, "the node not to comply", func() bool {
		out, err := h.ListComplianceItems(ctx, &ssm.ListComplianceItemsInput{ResourceIds: []string{node}, ResourceTypes: []string{"ManagedInstance"}})
		return err == nil && len(out.ComplianceItems) == 1 && *out.ComplianceItems[0].Id == bad &&
			out.ComplianceItems[0].Status == types.ComplianceStatusNonCompliant && out.ComplianceItems[0].Severity == types.ComplianceSeverityHigh
	})
	batch, err := h.CreateAssociationBatch(ctx, &ssm.CreateAssociationBatchInput{Entries: []types.CreateAssociationBatchRequestEntry{
		{Name: aws.String("AWS-RunShellScript"), InstanceId: &node, Parameters: map[string][]string{"commands": {"true"}}},
		{Name: aws.String("nothing"), InstanceId: &node},
	}})
	if err != nil || len(batch.Successful) != 1 || len(batch.Failed) != 1 || !strings.HasPrefix(*batch.Failed[0].Message, "InvalidDocument") {
		t.Fatalf("batch: %v, %v", batch, err)
	}
	old := *batch.Successful[0].AssociationId
	h.becomes(old, "Success map[Success:1]")
	rounds, err := h.DescribeAssociationExecutions(ctx, &ssm.DescribeAssociationExecutionsInput{AssociationId: &bad, Filters: []types.AssociationExecutionFilter{
		{Key: types.AssociationExecutionFilterKeyStatus, Value: aws.String("Failed"), Type: types.AssociationFilterOperatorTypeEqual},
	}})
	if err != nil || len(rounds.AssociationExecutions) != 1 || *rounds.AssociationExecutions[0].ResourceCountByStatus != "{Failed=1}" {
		t.Fatalf("rounds: %v, %v", rounds, err)
	}
	round := *rounds.AssociationExecutions[0].ExecutionId
	where, err := h.DescribeAssociationExecutionTargets(ctx, &ssm.DescribeAssociationExecutionTargetsInput{AssociationId: &bad, ExecutionId: &round})
	if err != nil || len(where.AssociationExecutionTargets) != 1 || *where.AssociationExecutionTargets[0].ResourceId != node {
		t.Fatalf("targets: %v, %v", where, err)
	}
	stands, err := h.DescribeInstanceAssociationsStatus(ctx, &ssm.DescribeInstanceAssociationsStatusInput{InstanceId: &node})
	if err != nil || len(stands.InstanceAssociationStatusInfos) != 2 {
		t.Fatalf("status: %v, %v", stands, err)
	}
	for _, i := range stands.InstanceAssociationStatusInfos {
		if *i.AssociationId == bad && (*i.DetailedStatus != "Failed" || *i.ErrorCode != "3" || !strings.Contains(*i.OutputUrl.S3OutputUrl.OutputUrl, "/kept-output/runs/"+bad) || *i.ExecutionSummary != "1 out of 1 plugin processed, 0 success, 1 failed, 0 timedout, 0 skipped.") {
			t.Errorf("status: %s, %s, %s", *i.DetailedStatus, *i.ErrorCode, *i.ExecutionSummary)
		}
	}
	effective, err := h.DescribeEffectiveInstanceAssociations(ctx, &ssm.DescribeEffectiveInstanceAssociationsInput{InstanceId: &node})
	if err != nil || len(effective.Associations) != 2 || !strings.Contains(*effective.Associations[0].Content, "runShellScript") {
		t.Fatalf("effective: %v, %v", effective, err)
	}
	if _, err := h.AddTagsToResource(ctx, &ssm.AddTagsToResourceInput{
		ResourceType: types.ResourceTypeForTaggingAssociation, ResourceId: &bad, Tags: []types.Tag{{Key: aws.String("Team"), Value: aws.String("desk")}},
	}); err != nil {
		t.Fatal(err)
	}
	updated, err := h.UpdateAssociation(ctx, &ssm.UpdateAssociationInput{AssociationId: &bad, AssociationName: aws.String("must-work"), Parameters: map[string][]string{"commands": {"true"}}})
	if err != nil || *updated.AssociationDescription.AssociationVersion != "2" {
		t.Fatalf("update: %v, %v", updated, err)
	}
	h.becomes(bad, "Success map[Success:1]")
	h.refusals(node, bad, old)
}

// What is deleted while it runs ends in silence, and a plane that is killed in
// a round over several nodes forgets none of them.
func TestRoundOutlivesTheKillOfThePlane(t *testing.T) {
	h := open(t)
	for range 3 {
		h.hire(t.TempDir())
	}
	h.Online(3)
	folder := t.TempDir()
	mark := filepath.Join(folder, "go")
	id := h.keep("echo x >> "+folder+"/begun; while [ ! -e "+mark+" ]; do sleep 0.02; done; echo x >> "+folder+"/ended", func(in *ssm.CreateAssociationInput) {
		in.MaxConcurrency, in.MaxErrors = aws.String("1"), aws.String("0")
	})
	h.file(folder+"/begun", "x\n")
	h.Restart()
	h.here()
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.becomes(id, "Success map[Success:3]")
	h.file(folder+"/begun", "x\nx\nx\n")
	h.file(folder+"/ended", "x\nx\nx\n")

	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	h.start(id)
	h.file(folder+"/begun", "x\nx\nx\nx\n")
	if _, err := h.DeleteAssociation(t.Context(), &ssm.DeleteAssociationInput{AssociationId: &id}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.file(folder+"/ended", "x\nx\nx\nx\n")
	after := h.keep("echo x >> " + folder + "/after")
	h.becomes(after, "Success map[Success:3]")
	if got, _ := os.ReadFile(folder + "/begun"); string(got) != "x\nx\nx\nx\n" {
		t.Errorf("a deleted association went on: %q", got)
	}
}

// refusals are the modelled errors, and reads that see what was written.
func (h *house) refusals(node, bad, old string) {
	ctx, t := h.t.Context(), h.t
	const unknown, stranger = "11111111-1111-4111-8111-111111111111", "mi-0123456789abcdef0"
	status := func(message string) *types.AssociationStatus {
		return &types.AssociationStatus{Name: types.AssociationStatusNameSuccess, Message: &message, Date: aws.Time(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
	}
	for _, row := range []struct {
		name string
		call func() error
		want string // "" is success
	}{
		{"make one without a document", func() error {
			_, err := h.CreateAssociation(ctx, &ssm.CreateAssociationInput{Name: aws.String("nothing")})
			return err
		}, "InvalidDocument"},
		{"make several of one node", func() error {
			e := types.CreateAssociationBatchRequestEntry{Name: aws.String("AWS-RunShellScript"), InstanceId: &node}
			_, err := h.CreateAssociationBatch(ctx, &ssm.CreateAssociationBatchInput{Entries: []types.CreateAssociationBatchRequestEntry{e, e}})
			return err
		}, "DuplicateInstanceId"},
		{"describe the first version", func() error {
			out, err := h.DescribeAssociation(ctx, &ssm.DescribeAssociationInput{AssociationId: &bad, AssociationVersion: aws.String("1")})
			if err == nil && *out.AssociationDescription.AssociationName != "must-fail" {
				t.Errorf("the first version is %s", *out.AssociationDescription.AssociationName)
			}
			return err
		}, ""},
		{"describe a version that is none", func() error {
			_, err := h.DescribeAssociation(ctx, &ssm.DescribeAssociationInput{AssociationId: &bad, AssociationVersion: aws.String("9")})
			return err
		}, "InvalidAssociationVersion"},
		{"list the versions", func() error {
			out, err := h.ListAssociationVersions(ctx, &ssm.ListAssociationVersionsInput{AssociationId: &bad})
			if err == nil && len(out.AssociationVersions) != 2 {
				t.Errorf("%d versions", len(out.AssociationVersions))
			}
			return err
		}, ""},
		{"list versions of nothing", func() error {
			_, err := h.ListAssociationVersions(ctx, &ssm.ListAssociationVersionsInput{AssociationId: aws.String(unknown)})
			return err
		}, "AssociationDoesNotExist"},
		{"list by a name", func() error {
			out, err := h.ListAssociations(ctx, &ssm.ListAssociationsInput{AssociationFilterList: []types.AssociationFilter{
				{Key: types.AssociationFilterKeyAssociationName, Value: aws.String("must-work")}, {Key: types.AssociationFilterKeyStatus, Value: aws.String("Success")},
			}})
			if err == nil && (len(out.Associations) != 1 || *out.Associations[0].AssociationId != bad) {
				t.Errorf("listed %v", out.Associations)
			}
			return err
		}, ""},
		{"list from nowhere", func() error {
			_, err := h.ListAssociations(ctx, &ssm.ListAssociationsInput{NextToken: aws.String("x")})
			return err
		}, "InvalidNextToken"},
		{"rounds of nothing", func() error {
			_, err := h.DescribeAssociationExecutions(ctx, &ssm.DescribeAssociationExecutionsInput{AssociationId: aws.String(unknown)})
			return err
		}, "AssociationDoesNotExist"},
		{"targets of no round", func() error {
			_, err := h.DescribeAssociationExecutionTargets(ctx, &ssm.DescribeAssociationExecutionTargetsInput{AssociationId: &bad, ExecutionId: aws.String(unknown)})
			return err
		}, "AssociationExecutionDoesNotExist"},
		{"effective on a stranger", func() error {
			_, err := h.DescribeEffectiveInstanceAssociations(ctx, &ssm.DescribeEffectiveInstanceAssociationsInput{InstanceId: aws.String(stranger)})
			return err
		}, "InvalidInstanceId"},
		{"status of a stranger", func() error {
			_, err := h.DescribeInstanceAssociationsStatus(ctx, &ssm.DescribeInstanceAssociationsStatusInput{InstanceId: aws.String(stranger)})
			return err
		}, "InvalidInstanceId"},
		{"start nothing", func() error {
			_, err := h.StartAssociationsOnce(ctx, &ssm.StartAssociationsOnceInput{AssociationIds: []string{unknown}})
			return err
		}, "AssociationDoesNotExist"},
		{"start it", func() error {
			_, err := h.StartAssociationsOnce(ctx, &ssm.StartAssociationsOnceInput{AssociationIds: []string{bad}})
			return err
		}, ""},
		{"see it run again", func() error {
			out, err := h.DescribeAssociationExecutions(ctx, &ssm.DescribeAssociationExecutionsInput{AssociationId: &bad})
			if err == nil && len(out.AssociationExecutions) != 3 {
				t.Errorf("%d rounds, want 3", len(out.AssociationExecutions))
			}
			return err
		}, ""},
		{"change nothing", func() error {
			_, err := h.UpdateAssociation(ctx, &ssm.UpdateAssociationInput{AssociationId: aws.String(unknown)})
			return err
		}, "AssociationDoesNotExist"},
		{"set the old form's status", func() error {
			_, err := h.UpdateAssociationStatus(ctx, &ssm.UpdateAssociationStatusInput{Name: aws.String("AWS-RunShellScript"), InstanceId: &node, AssociationStatus: status("done")})
			return err
		}, ""},
		{"set it again", func() error {
			_, err := h.UpdateAssociationStatus(ctx, &ssm.UpdateAssociationStatusInput{Name: aws.String("AWS-RunShellScript"), InstanceId: &node, AssociationStatus: status("done")})
			return err
		}, "StatusUnchanged"},
		{"see it", func() error {
			out, err := h.DescribeAssociation(ctx, &ssm.DescribeAssociationInput{Name: aws.String("AWS-RunShellScript"), InstanceId: &node})
			if err == nil && (*out.AssociationDescription.AssociationId != old || *out.AssociationDescription.Status.Message != "done") {
				t.Errorf("the old form is %v", out.AssociationDescription)
			}
			return err
		}, ""},
		{"delete it", func() error {
			_, err := h.DeleteAssociation(ctx, &ssm.DeleteAssociationInput{AssociationId: &old})
			return err
		}, ""},
		{"delete it again", func() error {
			_, err := h.DeleteAssociation(ctx, &ssm.DeleteAssociationInput{AssociationId: &old})
			return err
		}, "AssociationDoesNotExist"},
		{"see it no more", func() error {
			_, err := h.DescribeAssociation(ctx, &ssm.DescribeAssociationInput{AssociationId: &old})
			return err
		}, "AssociationDoesNotExist"},
	} {
		err, got := row.call(), ""
		if fault, ok := errors.AsType[smithy.APIError](err); ok {
			got = fault.ErrorCode()
		} else if err != nil {
			got = err.Error()
		}
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}
