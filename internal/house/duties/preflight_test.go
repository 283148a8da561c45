package duties

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/desk/account/dsdata"
)

// quotas answers as Service Quotas does, which planes do not have.
func quotas(t *testing.T, most int) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		quota := map[string]any{"ServiceCode": "workspaces", "QuotaName": "WorkSpaces", "Value": most}
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListAWSDefaultServiceQuotas") {
			quota["Value"] = 1
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_ = json.NewEncoder(w).Encode(map[string]any{"Quotas": []any{quota}}) // the client says what did not come
	}))
	t.Cleanup(s.Close)
	return s
}

// TestPreflight breaks what new desktops need, one thing after the other: each
// is named before the first user is made, and nothing is made.
func TestPreflight(t *testing.T) {
	plane := apitest.Start(t, apitest.Options{})
	ctx, cfg := t.Context(), plane.Config()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// Eleven addresses are free in each of two small subnets.
	nets := ec2.NewFromConfig(cfg)
	vpc, err := nets.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/24")})
	must(err)
	var subnets []string
	for i, zone := range []string{"a", "c"} {
		made, err := nets.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String(fmt.Sprintf("10.9.0.%d/28", 16*i)), AvailabilityZone: aws.String(cfg.Region + zone),
		})
		must(err)
		subnets = append(subnets, *made.Subnet.SubnetId)
	}
	made, err := directoryservice.NewFromConfig(cfg).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Secret-1234"), Size: dstypes.DirectorySizeSmall,
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: vpc.Vpc.VpcId, SubnetIds: subnets},
	})
	must(err)
	desks := workspaces.NewFromConfig(cfg)
	_, err = desks.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: made.DirectoryId})
	must(err)
	bundles, err := desks.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	must(err)
	p := configure(t)
	keys, err := cfg.Credentials.Retrieve(ctx)
	must(err)
	p.add("operator", keys, cfg.Region, *cfg.BaseEndpoint)
	t.Setenv("AWS_PROFILE", "operator")

	feed := t.TempDir() + "/people.csv"
	hire := func(n int) {
		t.Helper()
		var b strings.Builder
		b.WriteString("account\n")
		for i := range n {
			fmt.Fprintf(&b, "newcomer.%02d\n", i)
		}
		must(os.WriteFile(feed, []byte(b.String()), 0o600))
	}
	people := dsdata.New(cfg)
	for _, row := range []struct {
		name   string
		people int
		bundle string
		before func()
		want   string
	}{
		{"the quota of the Region", 3, *bundles.Bundles[0].BundleId, func() {
			t.Setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", quotas(t, 2).URL)
		}, `3 desktops to make and 0 there, but the quota "WorkSpaces" of this account and Region is 2`},
		{"an endpoint that has no quotas says so", 3, "wsb-none00000", func() {
			t.Setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", "")
		}, "not known: "},
		{"addresses", 23, *bundles.Bundles[0].BundleId, func() {}, "23 desktops to make, but "},
		{"no such bundle", 1, "wsb-none00000", func() {}, "there is no bundle wsb-none00000 that is AVAILABLE"},
		{"the service account", 1, *bundles.Bundles[0].BundleId, func() {
			must(people.DisableUser(ctx, &dsdata.DisableUserInput{DirectoryID: *made.DirectoryId, SAMAccountName: "svc-workspaces"}))
		}, "the account svc-workspaces, by which desktops join "},
		{"the directory", 1, *bundles.Bundles[0].BundleId, func() {
			_, err := desks.DeregisterWorkspaceDirectory(ctx, &workspaces.DeregisterWorkspaceDirectoryInput{DirectoryId: made.DirectoryId})
			must(err)
		}, "no directory is registered for desktops here"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.before()
			hire(row.people)
			got := terminal(t, time.Now()).run(ctx, "joiner", "--hr", feed, "--bundle", row.bundle, "--apply", "--yes")
			if got.code != 1 || !strings.Contains(got.out+got.errs, row.want) {
				t.Errorf("want %q, got %s", row.want, got)
			}
			users, err := people.ListUsers(ctx, &dsdata.ListUsersInput{DirectoryID: *made.DirectoryId})
			must(err)
			for _, u := range users.Users {
				if strings.HasPrefix(u.SAMAccountName, "newcomer") {
					t.Fatalf("want nobody made, got %s", u.SAMAccountName)
				}
			}
		})
	}
}
