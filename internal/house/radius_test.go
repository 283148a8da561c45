package house_test

import (
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	cttypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
	"tamachi/internal/directory/radiustest"
)

// TestRadiusServersJudgeSecondFactors: enabled for a directory, found by the
// plane, asked at each sign-in, silent, changed and given up.
func TestRadiusServersJudgeSecondFactors(t *testing.T) {
	judge := radiustest.Start(t, "a secret of two", map[string]string{"fujita.kouhei": "271828"})
	host, port := judge.Addr()
	l := openLodge(t, clock.Real{}.Now())
	d := directoryservice.NewFromConfig(l.Config())
	there := l.Do("ec2", "DescribeSubnets", &ec2.DescribeSubnetsInput{}).(*ec2.DescribeSubnetsOutput).Subnets
	made, err := d.CreateMicrosoftAD(t.Context(), &directoryservice.CreateMicrosoftADInput{
		Name: new("ad.example.com"), Password: new("Sesame-opens-1"),
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: there[0].VpcId, SubnetIds: []string{*there[0].SubnetId, *there[1].SubnetId}},
	})
	if err != nil {
		t.Fatal(err)
	}
	simple := l.directory
	l.directory = *made.DirectoryId
	l.Do("workspaces", "RegisterWorkspaceDirectory", &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &l.directory})
	l.Do("ds-data", "CreateUser", &directoryservicedata.CreateUserInput{DirectoryId: &l.directory, SAMAccountName: new("fujita.kouhei")})
	l.Do("ds", "ResetUserPassword", &directoryservice.ResetUserPasswordInput{DirectoryId: &l.directory, UserName: new("fujita.kouhei"), NewPassword: new("Correct-Horse-7")})
	found := l.Do("workspaces", "DescribeWorkspaceDirectories", &workspaces.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{l.directory}}).(*workspaces.DescribeWorkspaceDirectoriesOutput)
	code := *found.Directories[0].RegistrationCode

	settings := func() *dstypes.RadiusSettings {
		return &dstypes.RadiusSettings{
			RadiusServers: []string{host}, RadiusPort: &port, RadiusTimeout: new(int32(20)), SharedSecret: new("a secret of two"),
			AuthenticationProtocol: dstypes.RadiusAuthenticationProtocolPap, DisplayLabel: new("Token"),
		}
	}
	for name, err := range map[string]error{
		"a Simple AD":            second(d.EnableRadius(t.Context(), &directoryservice.EnableRadiusInput{DirectoryId: &simple, RadiusSettings: settings()})),
		"MS-CHAP":                second(d.EnableRadius(t.Context(), &directoryservice.EnableRadiusInput{DirectoryId: &l.directory, RadiusSettings: &dstypes.RadiusSettings{RadiusServers: []string{host}, SharedSecret: new("12345678"), AuthenticationProtocol: dstypes.RadiusAuthenticationProtocolMschapv2}})),
		"no servers":             second(d.EnableRadius(t.Context(), &directoryservice.EnableRadiusInput{DirectoryId: &l.directory, RadiusSettings: &dstypes.RadiusSettings{SharedSecret: new("12345678")}})),
		"an update of nothing":   second(d.UpdateRadius(t.Context(), &directoryservice.UpdateRadiusInput{DirectoryId: &l.directory, RadiusSettings: settings()})),
		"the end of what is not": second(d.DisableRadius(t.Context(), &directoryservice.DisableRadiusInput{DirectoryId: &l.directory})),
	} {
		if err == nil || strings.Contains(err.Error(), "InternalFailure") {
			t.Errorf("%s: want a modelled error, got %v", name, err)
		}
	}
	if _, err := d.EnableRadius(t.Context(), &directoryservice.EnableRadiusInput{DirectoryId: &l.directory, RadiusSettings: settings()}); err != nil {
		t.Fatal(err)
	}
	status := func() (dstypes.RadiusStatus, *dstypes.RadiusSettings) {
		t.Helper()
		out, err := d.DescribeDirectories(t.Context(), &directoryservice.DescribeDirectoriesInput{DirectoryIds: []string{l.directory}})
		if err != nil {
			t.Fatal(err)
		}
		return out.DirectoryDescriptions[0].RadiusStatus, out.DirectoryDescriptions[0].RadiusSettings
	}
	l.eventually("the server to be found", func() bool { s, _ := status(); return s == dstypes.RadiusStatusCompleted })
	if _, shown := status(); shown.SharedSecret != nil || *shown.DisplayLabel != "Token" || shown.RadiusServers[0] != host {
		t.Errorf("what is shown: got %+v", shown)
	}
	v := l.visitor()
	ask := func(oneTime string) (int, any) {
		t.Helper()
		status, out := v.ask(http.MethodPost, "sign-in", map[string]string{"code": code, "user": "fujita.kouhei", "password": "Correct-Horse-7", "oneTime": oneTime})
		return status, out["reason"]
	}
	for _, row := range []struct {
		name, code string
		status     int
		reason     any
	}{
		{"without a code", "", http.StatusUnauthorized, "code"},
		{"a wrong one", "000000", http.StatusUnauthorized, "wrongcode"},
		{"a good one", "271828", http.StatusNoContent, nil},
	} {
		if status, why := ask(row.code); status != row.status || why != row.reason {
			t.Errorf("%s: want %d, %v, got %d, %v", row.name, row.status, row.reason, status, why)
		}
	}
	l.Restart()
	d = directoryservice.NewFromConfig(l.Config())
	if status, why := ask("271828"); status != http.StatusNoContent {
		t.Errorf("after a restart: want 204, got %d, %v", status, why)
	}

	// Nobody is there any more who could answer, and nobody comes in.
	gone, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	_, err = d.UpdateRadius(t.Context(), &directoryservice.UpdateRadiusInput{DirectoryId: &l.directory, RadiusSettings: &dstypes.RadiusSettings{
		SharedSecret: new("another secret"), RadiusPort: new(int32(gone.LocalAddr().(*net.UDPAddr).Port)),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if status, why := ask("271828"); status != http.StatusServiceUnavailable || why != "away" {
		t.Errorf("without a server: want 503, away, got %d, %v", status, why)
	}
	l.eventually("the settings to be found wrong", func() bool { s, _ := status(); return s == dstypes.RadiusStatusFailed })
	if _, err := d.DisableRadius(t.Context(), &directoryservice.DisableRadiusInput{DirectoryId: &l.directory}); err != nil {
		t.Fatal(err)
	}
	if status, why := ask(""); status != http.StatusNoContent {
		t.Errorf("given up: want 204, got %d, %v", status, why)
	}
	for _, name := range []string{"EnableRadius", "UpdateRadius", "DisableRadius"} {
		l.eventually(name+" in the trail without its secret", func() bool {
			out, err := cloudtrail.NewFromConfig(l.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{
				LookupAttributes: []cttypes.LookupAttribute{{AttributeKey: cttypes.LookupAttributeKeyEventName, AttributeValue: &name}},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range out.Events {
				if strings.Contains(*e.CloudTrailEvent, "secret of two") || strings.Contains(*e.CloudTrailEvent, "another secret") {
					t.Fatalf("a shared secret is in the trail: %s", *e.CloudTrailEvent)
				}
			}
			return len(out.Events) > 0
		})
	}
}

// second is the error of a call.
func second(_ any, err error) error { return err }
