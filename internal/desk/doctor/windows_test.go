package doctor

import (
	"strings"
	"testing"
	"unicode/utf16"

	"tamachi/internal/desk/probe"
)

// TestWhatWindowsSays is the pack's output in the forms in which Windows has it:
// sentences in two languages, a byte order mark in the middle, UTF-16 of sfc, code
// page 932 where the console's encoding could not be set, and nothing at all.
func TestWhatWindowsSays(t *testing.T) {
	const cp932 = "\x89\xef\x8cv\x83\x5c\x83t\x83g" // the name of a program
	rows := []struct {
		name, output string
		want         func(Seen) bool
	}{
		{
			"two events of one installation", "@@installs\r\n2026-11-20T01:12:33Z\tContoso Editor 7\r\n2026-11-20T01:12:31Z\tProduct: Contoso Editor 7 -- Installation completed successfully.\r\n",
			func(s Seen) bool { return len(s.Installs) == 1 && s.Installs[0].Name == "Contoso Editor 7" },
		},
		{
			"the same in Japanese", "@@installs\r\n2026-11-20T01:12:33Z\t製品: 会計ソフト 8 -- インストールは正常に終了しました。\r\n2026-11-21T01:12:33Z\t会計ソフト 8\r\n",
			func(s Seen) bool {
				return len(s.Installs) == 2 && s.Installs[0].Name == "会計ソフト 8" && s.Installs[1].Name == "会計ソフト 8"
			},
		},
		{
			"an installer in French", "@@installs\r\n2026-11-20T01:12:33Z\tProduit : Agenda -- Installation terminée.\r\n",
			func(s Seen) bool { return len(s.Installs) == 1 && s.Installs[0].Name == "Agenda" },
		},
		{
			"a name with a colon and dashes of its own", "@@installs\n2026-11-20T01:12:33Z\tContoso: The Editor\n2026-11-19T01:12:33Z\tProduct: A -- B -- Installation completed successfully.\n",
			func(s Seen) bool {
				return len(s.Installs) == 2 && s.Installs[0].Name == "Contoso: The Editor" && s.Installs[1].Name == "A"
			},
		},
		{"code page 932", "@@installs\r\n2026-11-20T01:12:33Z\t" + cp932 + "\r\n", func(s Seen) bool { return len(s.Installs) == 1 }},
		{"a byte order mark before a later section", "@@clock\r\n1795521600\r\n\ufeff@@disk\r\nC:\t97%\r\n", func(s Seen) bool { return len(s.Disks) == 1 && s.Clock.Unix() == 1795521600 }},
		{
			"a logon script that is there, and one that is not", "@@logon\r\nthere\t\\\\corp.example.com\\SysVol\\corp.example.com\\Policies\\{0}\\User\\Scripts\\Logon\\map.bat\r\nmissing\tC:\\old\\net.cmd\r\n",
			func(s Seen) bool { return len(s.Logon) == 1 && s.Logon[0].What == `C:\old\net.cmd` },
		},
		{"nobody at the console, no shell", "@@session\r\n\r\n@@shell\r\n@@profile\r\n", func(s Seen) bool { return !s.Session && len(s.Shell) == 0 && len(s.Profile) == 0 }},
		{"sfc that repaired, in Japanese", "@@sfc\r\n検証 100% が完了しました。\r\n\r\nWindows リソース保護により、破損したファイルが見つかり、それらは正常に修復されました。\r\n", func(s Seen) bool { return s.System == repaired }},
		{"sfc that could not", "@@sfc\r\nWindows リソース保護により、破損したファイルが見つかりましたが、それらの一部は修復できませんでした。\r\n", func(s Seen) bool { return s.System == unrepaired }},
		{"sfc that was not let", "@@sfc\r\nWindows Resource Protection could not start the repair service.\r\n", func(s Seen) bool { return s.System == "" }},
		{"sfc in UTF-16 as bytes", "@@sfc\r\n" + utf16LE("Windows Resource Protection did not find any integrity violations.\r\n"), func(s Seen) bool { return s.System == clean }},
		{"sfc that only looked, in Japanese", "@@sfc\r\nWindows リソース保護により、整合性違反が検出されました。\r\n", func(s Seen) bool { return s.System == damaged }},
		{"sfc after Windows 10, in Japanese", "@@sfc\r\nWindows リソース保護により、破損したファイルが見つかりましたが、それらを正常に修復しました。\r\n", func(s Seen) bool { return s.System == repaired }},
		{"nobody has looked at the component store yet", "@@image\r\nHealthy\r\n", func(s Seen) bool { return s.System == "" }},
		{"the component store is damaged, though sfc has repaired", "@@sfc\nWindows Resource Protection found corrupt files and successfully repaired them.\n@@image\nRepairable\n", func(s Seen) bool { return s.System == damaged }},
		{"the component store cannot be repaired", "@@image\r\nNonRepairable\r\n", func(s Seen) bool { return s.System == unrepaired }},
		{"the component store could not be asked", "@@image\r\n", func(s Seen) bool { return s.System == "" }},
		{"cut by the agent", "@@installs\n2026-11-20T01:12:33Z\tA\n2026-11-19T01:12:33Z\tContoso Ed--output truncated--", func(s Seen) bool { return len(s.Installs) == 1 }},
		{"cut off in the middle of a line", "@@installs\n2026-11-20T01:1", func(s Seen) bool { return len(s.Installs) == 0 }},
		{"nothing", "", func(s Seen) bool { return s.System == "" && s.Clock.IsZero() }},
	}
	for _, row := range rows {
		if got := read(probe.Parse(row.output)); !row.want(got) {
			t.Errorf("%s: got %+v", row.name, got)
		}
	}
}

func utf16LE(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// TestWhatThePackAsksOfWindows is of the pack itself, which no test here can run: each
// row is a form that Windows has in use and that an earlier pack read wrongly.
// docs/decisions/0062.
func TestWhatThePackAsksOfWindows(t *testing.T) {
	p, err := pack("takeda.hanako")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ why, want string }{
		{"a script that is only a name is in its policy's folder", `.FileSysPath)\Scripts\Logon\$n"`},
		{"or a program of the path: powershell.exe", `Get-Command $n -CommandType Application`},
		{"a variable that only users have cannot be looked for: %LOGONSERVER%", `-like '*%*') { return }`},
		{"another user's name may begin with this one and a dot", `-eq $sid`},
		{"a user may be called template", `-cmatch '\\TEMP(\.[^\\]+)?$'`},
		{"event 1033 tells of failures, too", `Properties[3].Value)" -in '0', '1641', '3010'`},
		{"colons and years are the region's in other formats", `.ToString('s'))Z`},
		{"sfc takes longer than a probe may", `Repair-WindowsImage -Online -CheckHealth`},
	} {
		if !strings.Contains(p.PowerShell, row.want) {
			t.Errorf("%s: want %s in the pack, got %s", row.why, row.want, p.PowerShell)
		}
	}
	if strings.Contains(p.PowerShell, "sfc ") {
		t.Errorf("want a probe that does not run sfc, got %s", p.PowerShell)
	}
	if strings.Contains(mendPowerShell, "sfc.exe") != strings.Contains(mendPowerShell, "-Encoding Unicode") {
		t.Errorf("want what sfc says read as UTF-16, got %s", mendPowerShell)
	}
}
