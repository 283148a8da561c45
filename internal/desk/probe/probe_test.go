package probe

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func recorded(t *testing.T, name string) Sections {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(string(b))
}

// The Windows files of testdata have names and values of our own, in the forms that
// recorded outputs of Windows show: docs/decisions/0062. No Windows machine was at
// hand.
func TestLoadIsReadOfEverySystem(t *testing.T) {
	for _, row := range []struct {
		file, name string
		percent    float64
		count      int
		disk       Disk
	}{
		{"load-windows-en.txt", "Teams", (121 + 98) / 4.0, 2, Disk{"C:", 93}},
		{"load-windows-ja.txt", "会計ソフト", 90, 1, Disk{"C:", 55}},
		{"load-linux.txt", "yes", 48.5, 1, Disk{"/", 1}},
	} {
		l := recorded(t, row.file).Load()
		if l.Unreadable || len(l.Processes) == 0 || l.MemoryKiB == 0 || l.UpSeconds == 0 {
			t.Errorf("%s: want it read, got %+v", row.file, l)
			continue
		}
		if p := l.Processes[0]; p.Name != row.name || p.Percent != row.percent || p.Count != row.count {
			t.Errorf("%s: want %s %v%% of %d, got %+v", row.file, row.name, row.percent, row.count, p)
		}
		if l.Disks[0] != row.disk {
			t.Errorf("%s: want %v, got %v", row.file, row.disk, l.Disks)
		}
	}
}

// TestShellPackRunsHere runs the pack on this machine, which has /proc.
func TestShellPackRunsHere(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "sh", "-c", LoadPack().Shell).Output()
	if err != nil {
		t.Fatal(err)
	}
	l := Parse(string(out)).Load()
	if l.Unreadable || l.CPUs < 1 || l.MemoryKiB <= l.MemoryFree || len(l.Disks) == 0 {
		t.Errorf("want this machine's load, got %+v of\n%s", l, out)
	}
}

func TestADesktopsNodeIsFound(t *testing.T) {
	node := func(id, source, name, address string, online bool) types.InstanceInformation {
		status := types.PingStatusConnectionLost
		if online {
			status = types.PingStatusOnline
		}
		return types.InstanceInformation{InstanceId: &id, SourceId: &source, ComputerName: &name, IPAddress: &address, PingStatus: status}
	}
	d := workspaces.Workspace{WorkspaceId: aws.String("ws-1"), ComputerName: aws.String("WSAMZN-AAA"), IpAddress: aws.String("10.2.1.9")}
	for _, row := range []struct {
		name     string
		nodes    []types.InstanceInformation
		want, by string
		several  int
	}{
		{"the node says where it comes from", []types.InstanceInformation{node("mi-1", "ws-1", "x", "10.2.1.9", true), node("mi-2", "", "WSAMZN-AAA", "", true)}, "mi-1", "source id", 0},
		{"a node of a domain tells its whole name", []types.InstanceInformation{node("mi-2", "mi-2", "wsamzn-aaa.corp.example.com", "10.2.1.7", true)}, "mi-2", "computer name", 0},
		{"the address is the last means", []types.InstanceInformation{node("mi-3", "", "other", "10.2.1.9", false)}, "mi-3", "address", 0},
		{"the old node of a desktop that was made anew is not asked", []types.InstanceInformation{node("mi-4", "", "WSAMZN-AAA", "", false), node("mi-5", "", "WSAMZN-AAA", "", true)}, "mi-5", "computer name", 0},
		{"two that answer to one name are not guessed at", []types.InstanceInformation{node("mi-4", "", "WSAMZN-AAA", "", true), node("mi-5", "", "WSAMZN-AAA", "", true)}, "", "", 2},
		{"no node", []types.InstanceInformation{node("mi-6", "", "WSAMZN-BBB", "10.2.1.8", true)}, "", "", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			n, err := choose(row.nodes, d)
			if row.want == "" {
				none, ok := errors.AsType[*NoNode](err)
				if !ok || len(none.Several) != row.several {
					t.Errorf("want %d candidates, got %v, %v", row.several, n, err)
				}
				return
			}
			if err != nil || n.ID != row.want || n.By != row.by {
				t.Errorf("want %s by its %s, got %+v, %v", row.want, row.by, n, err)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"load-windows-en.txt", "load-windows-ja.txt", "load-linux.txt"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("@@top\n1e309\t1\t1\tx\nNaN\t1\t1\tx\n@@cpus\n-1\n@@disk\n/\t101%")
	f.Fuzz(func(t *testing.T, output string) {
		l := Parse(output).Load()
		l.Within(1)
		for _, p := range l.Processes {
			if p.Percent < 0 || p.Percent != p.Percent || p.PID < 1 || p.Name == "" || strings.ContainsAny(p.Name, "\n\x00") {
				t.Errorf("want a process, got %+v", p)
			}
		}
		for _, d := range l.Disks {
			if d.Percent < 0 || d.Percent > 100 {
				t.Errorf("want a share, got %+v", d)
			}
		}
	})
}

// What a tool of Windows writes depends on its version, the console's code page
// and who reads it; what was said does not.
func TestAnOutputSaysTheSameHoweverItIsWritten(t *testing.T) {
	for _, file := range []string{"load-windows-en.txt", "load-windows-ja.txt", "reach-windows-en.txt", "reach-windows-ja.txt"} {
		b, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.NewReplacer("\r", "", "\ufeff", "").Replace(string(b))
		load, reach := Parse(plain).Load(), Parse(plain).Reach()
		for name, text := range map[string]string{
			"as it was recorded": string(b), "with CR LF": strings.ReplaceAll(plain, "\n", "\r\n"), "with a byte order mark": "\ufeff" + plain,
			"with zero bytes of UTF-16": strings.ReplaceAll(plain, "", "\x00"), "after a greeting in another code page": "\x82\xe6\x82\xa4\r\n" + plain,
			"with blank lines": strings.ReplaceAll(plain, "\n", "\r\n \r\n"),
		} {
			if got := Parse(text).Load(); !reflect.DeepEqual(got, load) {
				t.Errorf("%s, %s: want %+v, got %+v", file, name, load, got)
			}
			if got := Parse(text).Reach(); !reflect.DeepEqual(got, reach) {
				t.Errorf("%s, %s: want %+v, got %+v", file, name, reach, got)
			}
		}
	}
}

func TestReachIsRead(t *testing.T) {
	for file, want := range map[string]Reach{
		"reach-windows-en.txt":        {Servers: []string{"10.1.5.10", "10.1.5.11"}, Addresses: []string{"10.3.0.10"}, Port: "open"},
		"reach-windows-ja.txt":        {Servers: []string{"10.1.5.10"}, Port: "refused"},
		"reach-windows-ja-silent.txt": {Servers: []string{"10.1.5.10", "10.1.5.11", "192.168.11.1"}, Addresses: []string{"10.3.0.10", "10.3.1.10"}, Port: "silent"},
	} {
		if got := recorded(t, file).Reach(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: want %+v, got %+v", file, want, got)
		}
	}
	if got := Parse("@@port\r\nunknown\r\n").Reach(); got.Port != "" {
		t.Errorf("want nothing said of a port at which nobody knocked, got %+v", got)
	}
	got := Parse("@@dns\r\n10.1.5.10\r\n10.1.5.11\r\n@@name\r\n10.3.0.10\r\nnonsense\r\n@@port\r\nopen\r\n").Reach()
	if strings.Join(got.Servers, " ") != "10.1.5.10 10.1.5.11" || strings.Join(got.Addresses, " ") != "10.3.0.10" || got.Port != "open" {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []string{"", "a;b", "$(x)", "a b", "-a", "a'", strings.Repeat("a", 300), "a\nb"} {
		if p, err := ReachPack(bad, 445); err == nil {
			t.Errorf("%q is no host, got %s", bad, p.Shell)
		}
	}
}

func FuzzReach(f *testing.F) {
	f.Add("@@dns\n10.1.5.10\n@@port\nsilent", "files.corp.example.com")
	f.Add("@@port\nx\n@@dns\n::1%eth0", "a'; rm -rf /")
	f.Fuzz(func(t *testing.T, output, name string) {
		r := Parse(output).Reach()
		if r.Port != "" && r.Port != "open" && r.Port != "silent" && r.Port != "refused" {
			t.Errorf("got %q", r.Port)
		}
		if p, err := ReachPack(name, 445); err == nil && strings.ContainsAny(name, " ;'\"$`\n|&<>()") {
			t.Errorf("%q came into %s", name, p.Shell)
		}
	})
}

// TestAScriptWritesToItsPipeItself is of what stands around all packs.
func TestAScriptWritesToItsPipeItself(t *testing.T) {
	got := PowerShell("'@@port'; foreach ($n in 1..6) { if ($true) { break } }; $w\n")
	for _, row := range []struct{ why, want string }{
		{"a host writes in the console's code page: 932 in Japan", "[Console]::OpenStandardOutput(), (New-Object Text.UTF8Encoding $false)"},
		{"what was written stays written when the script is ended", "$pipe.AutoFlush = $true"},
		{"a policy may allow no classes", `if ($pipe) { $pipe.WriteLine("$_") } else { "$_" }`},
		{"a progress bar is no output", "$ProgressPreference = 'SilentlyContinue'"},
	} {
		if !strings.Contains(got, row.want) {
			t.Errorf("%s: want %s, got %s", row.why, row.want, got)
		}
	}
	for name, p := range map[string]Pack{"load": LoadPack(), "knock": KnockPack(netip.MustParseAddr("10.1.2.3"), 445)} {
		if bad := "[Console]::OutputEncoding"; strings.Contains(p.PowerShell, bad) {
			t.Errorf("%s: %s cannot be set where there is no console", name, bad)
		}
	}
	if strings.Contains(LoadPack().PowerShell, "Win32_Perf") {
		t.Error("want no classes of the performance counters: they are missing on machines in use")
	}
}

func TestWhatTheAgentCutIsDropped(t *testing.T) {
	s := Parse("@@top\r\n9\t1\t1\ta\r\n8\t2\t2\tlong na--output truncated--")
	if got := s.Rows("top", 4); len(got) != 1 || got[0][3] != "a" {
		t.Errorf("want the whole line alone, got %v", got)
	}
	if s := Parse("@@top\n9\t1\t1\t--output truncated-- it says\n"); len(s["top"]) != 1 {
		t.Errorf("want a line kept that has the words within, got %v", s)
	}
	if s := Parse("--output truncated--"); len(s) != 0 {
		t.Errorf("want nothing, got %v", s)
	}
}
