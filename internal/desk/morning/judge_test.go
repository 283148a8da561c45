package morning

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

var rules = Rules{StuckAfter: 45 * time.Minute}

// TestJudge changes the story's facts one by one and wants each change in the
// findings; the goldens hold what a person reads of it in both languages.
func TestJudge(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Facts)
		cause  CauseKind // of the first finding; "" where it is not of desktops in ERROR
		gone   bool
		kinds  []FindingKind
	}{
		{
			name: "the story as it happened", change: func(*Facts) {},
			cause: AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name:   "all desktops well is one line",
			change: func(f *Facts) { f.Desktops = f.Desktops[2:] },
		},
		{
			name: "an account that is still disabled is not gone",
			change: func(f *Facts) {
				f.Accounts[0].State = Disabled
				f.Events = f.Events[:2]
			},
			cause: AccountOff, kinds: []FindingKind{InError},
		},
		{
			name:   "the directory's word counts more than an old reset",
			change: func(f *Facts) { f.Accounts[0].State = Disabled },
			cause:  AccountOff, kinds: []FindingKind{InError},
		},
		{
			name: "without DescribeUser the reset in the trail is the proof",
			change: func(f *Facts) {
				f.Accounts = nil
				f.Unanswered = []Unanswered{unansweredProblem("ds-data:DescribeUser", account.Unknown)}
			},
			cause: AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name: "without DescribeUser and without a reset nothing is proved",
			change: func(f *Facts) {
				f.Accounts = nil
				f.Events = f.Events[:2]
				f.Unanswered = []Unanswered{unansweredProblem("ds-data:DescribeUser", account.Denied)}
			},
			cause: AccountOff, kinds: []FindingKind{InError},
		},
		{
			name:   "enabled now without a reset in the trail",
			change: func(f *Facts) { f.Events = f.Events[:2] },
			cause:  AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name: "an account deleted and not made again",
			change: func(f *Facts) {
				f.Events = append(f.Events[:1:1], accountEvent("DeleteUser", "01:00:00", "tanabe"))
				f.Accounts[0].State = Absent
			},
			cause: AccountOff, kinds: []FindingKind{InError},
		},
		{
			name:   "nobody disabled the account: it is not accused",
			change: func(f *Facts) { f.Events = f.Events[:1] },
			cause:  JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name: "an account enabled before the desktops were made is no cause",
			change: func(f *Facts) {
				f.Events[1].Time, f.Events[2].Time = at("01:00:00"), at("01:30:00")
			},
			cause: JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name:   "disabled while the desktops were on their way",
			change: func(f *Facts) { f.Events[1].Time = at("02:14:07") },
			cause:  AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name:   "disabled hours later is no cause",
			change: func(f *Facts) { f.Events[1].Time, f.Events[2].Time = at("05:00:00"), at("05:01:00") },
			cause:  JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name:   "another account that was disabled is no cause",
			change: func(f *Facts) { f.Events[1].User = "svc-backup" },
			cause:  JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name:   "the same account of another directory is no cause",
			change: func(f *Facts) { f.Events[1].Directory = "d-9067099999" },
			cause:  JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name:   "a DisableUser that was denied is no cause",
			change: func(f *Facts) { f.Events[1].ErrorCode = "AccessDeniedException" },
			cause:  JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name:   "an error that names another directory is not believed",
			change: func(f *Facts) { swap(f, "joining directory d-9067099999 failed: bind as svc-workspaces refused") },
			cause:  CauseUnknown, kinds: []FindingKind{InError},
		},
		{
			name: "all in the same second, off before on",
			change: func(f *Facts) {
				for i := range f.Events {
					f.Events[i].Time = at("02:14:05")
				}
			},
			cause: AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name: "created before the window",
			change: func(f *Facts) {
				f.Events = f.Events[1:]
			},
			cause: JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name: "a trail that cannot be read",
			change: func(f *Facts) {
				f.Events = nil
				f.Unanswered = []Unanswered{unansweredProblem("cloudtrail:LookupEvents", account.Denied)}
			},
			cause: JoinRefused, kinds: []FindingKind{InError},
		},
		{
			name:   "an error of another kind is quoted",
			change: func(f *Facts) { swap(f, "There was no capacity \x1b[31mleft\n") },
			cause:  CauseUnknown, kinds: []FindingKind{InError},
		},
		{
			name:   "an error without text",
			change: func(f *Facts) { swap(f, "") },
			cause:  CauseUnknown, kinds: []FindingKind{InError},
		},
		{
			name: "an impaired directory and an error about joining it",
			change: func(f *Facts) {
				swap(f, "An issue occurred while joining the WorkSpace to your domain")
				f.Directories[0].Stage, f.Directories[0].StageReason = "Impaired", "DNS does not answer"
			},
			cause: DirectorySick, kinds: []FindingKind{InError, DirectoryImpaired},
		},
		{
			name: "an impaired directory holds the repair back",
			change: func(f *Facts) {
				f.Directories[0].Stage = "Inoperable"
			},
			cause: AccountOff, kinds: []FindingKind{InError, DirectoryImpaired},
		},
		{
			name: "two calls, two desktops, one cause",
			change: func(f *Facts) {
				f.Events[0].Desktops = []string{"ws-c8wvb67py"}
				f.Events = append(f.Events, Event{
					ID: "e-create-2", Name: "CreateWorkspaces", Time: at("02:20:00"), By: "office-night",
					RequestID: "0f8fad5b-d9cb-469f-a165-70867728950e", Desktops: []string{"ws-b1kd02x8f"},
				})
				f.Events[2].Time = at("02:30:00")
			},
			cause: AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name:   "a record whose answer is not in the trail yet",
			change: func(f *Facts) { f.Events[0].Desktops = nil },
			cause:  AccountOff, gone: true, kinds: []FindingKind{InError},
		},
		{
			name: "unhealthy and impaired desktops",
			change: func(f *Facts) {
				f.Desktops = f.Desktops[2:]
				f.Desktops[0].State = "UNHEALTHY"
			},
			kinds: []FindingKind{Unhealthy},
		},
		{
			name: "pending for hours",
			change: func(f *Facts) {
				f.Desktops[0].State, f.Desktops[1].State = "PENDING", "PENDING"
			},
			kinds: []FindingKind{Stuck},
		},
		{
			name: "pending for minutes only",
			change: func(f *Facts) {
				f.Desktops[0].State, f.Desktops[1].State = "PENDING", "PENDING"
				f.Events[0].Time = at("07:30:00")
			},
		},
		{
			name: "calls that failed leave users without a desktop",
			change: func(f *Facts) {
				f.Desktops = f.Desktops[2:]
				f.Events = []Event{
					failedCall("f2", "03:10:00", "AccessDeniedException", "not authorized", "takeda.haneko"),
					failedCall("f1", "02:10:00", "AccessDeniedException", "not authorized", "fujita.kouhei", "yamada.taro"),
				}
			},
			kinds: []FindingKind{CreationsFailed},
		},
		{
			name: "an item that failed and a desktop that came later",
			change: func(f *Facts) {
				f.Desktops = f.Desktops[2:]
				f.Events = []Event{{
					ID: "f3", Name: "CreateWorkspaces", Time: at("02:10:00"), By: "office-night", RequestID: requestID,
					Failed: []FailedCreation{
						{Target{directoryID, "takeda.hanako"}, "ResourceNotFound.User", "the user is not in the directory"},
						{Target{directoryID, "Yamada.Taro"}, "ResourceNotFound.User", "the user is not in the directory"},
					},
				}}
			},
			kinds: []FindingKind{CreationsFailed},
		},
		{
			name: "a registration that failed",
			change: func(f *Facts) {
				f.Desktops = f.Desktops[2:]
				f.Directories[0].Registration, f.Directories[0].Error = "ERROR", "the subnets are in one zone"
			},
			kinds: []FindingKind{DirectoryImpaired},
		},
		{
			name: "a repair that was broken off",
			change: func(f *Facts) {
				f.Desktops = f.Desktops[1:]
				f.Journal = &Journal{Begun: at("07:40:00"), Items: []Replacement{
					{Old: "ws-c8wvb67py", Request: requestFor("nakamura.yuri")},
					{Old: "ws-b1kd02x8f", Request: requestFor("fujita.kouhei")},
				}}
			},
			cause: AccountOff, gone: true, kinds: []FindingKind{InError, RepairInterrupted},
		},
		{
			name: "an endpoint that answers little",
			change: func(f *Facts) {
				f.Desktops = f.Desktops[2:]
				f.Events, f.Connected = nil, nil
				f.Unanswered = []Unanswered{
					unansweredProblem("cloudtrail:LookupEvents", account.Unknown),
					unansweredProblem("workspaces:DescribeWorkspacesConnectionStatus", account.Unknown),
				}
			},
		},
		{
			name: "more users than a line holds",
			change: func(f *Facts) {
				f.Desktops = nil
				for i := range 30 {
					f.Desktops = append(f.Desktops, failedDesktop("ws-"+string(rune('a'+i%26))+"0000000"+string(rune('0'+i/26)), "user."+string(rune('a'+i%26))+string(rune('0'+i/26))))
				}
			},
			cause: JoinRefused, kinds: []FindingKind{InError},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := storyFacts()
			row.change(f)
			p := judge(f, rules)
			var kinds []FindingKind
			for _, found := range p.Findings {
				kinds = append(kinds, found.Kind)
			}
			if !slices.Equal(kinds, row.kinds) {
				t.Fatalf("want findings %v, got %v", row.kinds, kinds)
			}
			if row.cause != "" {
				if c := p.Findings[0].Cause; c.Kind != row.cause || c.Gone != row.gone {
					t.Errorf("want cause %s, gone %t; got %s, %t", row.cause, row.gone, c.Kind, c.Gone)
				}
			}
			golden(t, row.name, write(t, func(b *strings.Builder, l report.Lang) error { return p.Write(b, l, tokyo) }))
		})
	}
}

// swap gives the failed desktops another error.
func swap(f *Facts, message string) {
	for i := range f.Desktops[:2] {
		f.Desktops[i].ErrorMessage = message
		f.Desktops[i].ErrorCode = "InternalError"
		if message == "" {
			f.Desktops[i].ErrorCode = ""
		}
	}
}

func failedCall(id, clock, code, message string, users ...string) Event {
	e := Event{ID: id, Name: "CreateWorkspaces", Time: at(clock), By: "office-night", RequestID: "r-" + id, ErrorCode: code, ErrorMessage: message}
	for _, u := range users {
		e.Asked = append(e.Asked, Target{directoryID, u})
	}
	return e
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func TestJudgeChangesNoFacts(t *testing.T) {
	f := storyFacts()
	first := judge(f, rules)
	second := judge(f, rules)
	if len(first.Findings[0].Cause.Created) != 1 || len(second.Findings[0].Cause.Created) != 1 {
		t.Errorf("want one creation both times, got %d and %d",
			len(first.Findings[0].Cause.Created), len(second.Findings[0].Cause.Created))
	}
}
