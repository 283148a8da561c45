package route

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/desk/report"
)

// logged are lines of a log that was asked for once.
type logged struct {
	t     *testing.T
	lines []types.FilteredLogEvent
}

func (l logged) FilterLogEvents(_ context.Context, in *cloudwatchlogs.FilterLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	if got := aws.ToString(in.LogGroupName); got != "/vpn/tokyo" {
		l.t.Errorf("want the group of the tunnel, got %q", got)
	}
	return &cloudwatchlogs.FilterLogEventsOutput{Events: l.lines}, nil
}

func told(minute int, details, phase1, phase2 string) types.FilteredLogEvent {
	return types.FilteredLogEvent{
		Timestamp: aws.Int64(noon.Add(time.Duration(minute) * time.Minute).UnixMilli()), LogStreamName: aws.String("vpn-1-192.0.2.2-IKE.log"),
		Message: aws.String(fmt.Sprintf(`{"event_timestamp":1,"details":%q,"dpd_enabled":true,"ike_phase1_state":%q,"ike_phase2_state":%q}`, details, phase1, phase2)),
	}
}

func TestTheMomentOfALossIsInTheLog(t *testing.T) {
	f := office()
	to("10.9.0.5")(f)
	f.Gates[3].Tunnels = []Tunnel{
		{Outside: "192.0.2.1", Since: noon.Add(-time.Hour)},
		{Outside: "192.0.2.2", Since: noon.Add(-2 * time.Minute), Log: "arn:aws:logs:ap-northeast-1:111122223333:log-group:/vpn/tokyo:*"},
	}
	other := told(-9, "of the other tunnel", "down", "down")
	other.LogStreamName = aws.String("vpn-1-192.0.2.1-IKE.log")
	p := judge(f)
	if err := (Eyes{Logs: logged{t, []types.FilteredLogEvent{
		{Message: aws.String("no JSON"), LogStreamName: aws.String("vpn-1-192.0.2.2-IKE.log")},
		other,
		told(-8, "down before", "down", "down"), told(-7, "up", "established", "rekeying"),
		told(-3, "AWS tunnel DPD timed out after 3 retransmits", "established", "Down"), told(-2, "again", "negotiating", "down"), told(-1, "still", "down", "down"),
	}}}).losses(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	p.explain([]Change{
		at(-4, `ModifyVpnTunnelOptions {"ModifyVpnTunnelOptionsRequest":{"VpnConnectionId":"vpn-1"}}`),
		at(-60, `ModifyVpnTunnelOptions {"ModifyVpnTunnelOptionsRequest":{"VpnConnectionId":"vpn-1"}}`),
	})
	for lang, want := range map[report.Lang]string{
		report.English:  "by its log tunnel 192.0.2.2 was lost at 2026-11-24 11:57:00 UTC: AWS tunnel DPD timed out after 3 retransmits (phase 1 established, phase 2 down)\nthat was 1m0s after ModifyVpnTunnelOptions by shimizu\n",
		report.Japanese: "ログによるとトンネル 192.0.2.2 は 2026-11-24 11:57:00 UTC に切断: AWS tunnel DPD timed out after 3 retransmits (フェーズ 1 established、フェーズ 2 down)\nshimizu の ModifyVpnTunnelOptions から 1m0s 後\n",
	} {
		var b strings.Builder
		if err := (sheet{Plan: p, zone: time.UTC}).Write(&b, lang); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%v: want %q, got\n%s", err, want, b.String())
		}
	}
}

func TestAChangeLongBeforeAFallIsNotItsCause(t *testing.T) {
	f := office()
	to("10.9.0.5")(f)
	f.Gates[3].Tunnels = []Tunnel{{Outside: "192.0.2.1", Since: noon.Add(-time.Minute)}}
	p := judge(f)
	p.explain([]Change{at(-60, `ModifyVpnTunnelOptions {"ModifyVpnTunnelOptionsRequest":{"VpnConnectionId":"vpn-1"}}`)})
	if p.Broken.Change != nil || !p.Broken.Since.Equal(noon.Add(-time.Minute)) {
		t.Errorf("want the fall and no cause, got %+v", p.Broken)
	}
}

func FuzzLineOf(f *testing.F) {
	f.Add(`{"details":"AWS tunnel is removing IKE_SA","ike_phase1_state":"down","ike_phase2_state":"down"}`)
	f.Add(`{"ike_phase1_state":1}`)
	f.Add("text")
	f.Fuzz(func(t *testing.T, message string) {
		l, ok := lineOf(message)
		if ok && l.up() && l.down() {
			t.Errorf("%q is up and down", message)
		}
		if loss := lossOf([]line{l}); (loss != nil) != l.down() {
			t.Errorf("%q: want a loss where it is down, got %+v", message, loss)
		}
	})
}
