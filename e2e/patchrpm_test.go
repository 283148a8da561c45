package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// dnf answers as dnf 4.14.0 did over a repository of three packages with two
// advisories, word for word; updates of bash-tool it carries out.
const dnf = `#!/bin/sh
case "$*" in
*makecache*) ;;
*check-update*)
	if grep -q "0:2.0-1" @/installed; then exit 0; fi
	cat <<'END'

bash-tool.noarch                          2.0-1                          updates
fix-tool.noarch                           1.2-3                          updates
plain-tool.noarch                         1.1-1                          updates
END
	exit 100 ;;
*"repoquery --upgrades --qf %{name}-%{version}-%{release}.%{arch}"*)
	printf 'bash-tool-2.0-1.noarch\t2026-07-02 16:49\nfix-tool-1.2-3.noarch\t2026-07-03 16:49\nplain-tool-1.1-1.noarch\t2026-07-04 16:49\n' ;;
*"updateinfo list --updates"*)
	echo "TSA-2026:1 Important/Sec. bash-tool-2.0-1.noarch"
	echo "TBA-2026:2 bugfix         fix-tool-1.2-3.noarch" ;;
*"updateinfo list --installed"*)
	grep -q "0:2.0-1" @/installed && echo "TSA-2026:1 Important/Sec. bash-tool-2.0-1.noarch" ;;
*"updateinfo info --installed"*) ;;
*"updateinfo info --updates"*)
	cat <<'END'
===============================================================================
  fix-tool
===============================================================================
  Update ID: TBA-2026:2
       Type: bugfix
    Updated: 2026-11-01 10:00:00
Description: d

===============================================================================
  Important: bash-tool
===============================================================================
  Update ID: TSA-2026:1
       Type: security
    Updated: 2026-07-08 10:00:00
       CVEs: CVE-2026-1
           : CVE-2026-2
Description: d
   Severity: Important
END
	;;
*"update bash-tool-2.0-1"*) sed -i 's/0:1.0-1\t1795366168/0:2.0-1\t1795366200/' @/installed ;;
*) echo "dnf $*: not recorded" >&2; exit 1 ;;
esac
`

// zypper answers as zypper 1.14.42 did over such a repository, word for word but
// for what a patch is described by; installations it carries out.
const zypper = `#!/bin/sh
done=$(grep -c "0:2.0-1" @/installed)
case "$*" in
"--non-interactive --quiet refresh") ;;
*"--xmlout list-updates --type package --all")
	echo "<?xml version='1.0'?>"; echo '<stream>'; echo '<update-status version="0.6">'; echo '<update-list>'
	[ $done = 1 ] || echo '<update kind="package" name="bash-tool" edition="2.0-1" arch="noarch" edition-old="1.0-1"><summary>bash-tool</summary><description>bash-tool</description><license/><source url="dir:/root/repo" alias="updates"/></update>'
	cat <<'END'
<update kind="package" name="fix-tool" edition="1.2-3" arch="noarch" edition-old="1.0-1"><summary>fix-tool</summary><description>fix-tool</description><license/><source url="dir:/root/repo" alias="updates"/></update><update kind="package" name="plain-tool" edition="1.1-1" arch="noarch" edition-old="1.0-1"><summary>plain-tool</summary><description>plain-tool</description><license/><source url="dir:/root/repo" alias="updates"/></update></update-list>
</update-status>
</stream>
END
	;;
*"--xmlout list-patches --all")
	status=needed; [ $done = 0 ] || status=applied
	cat <<END
<?xml version='1.0'?>
<stream>
<update-status version="0.6">
<update-list>
<update kind="patch" name="SUSE-SU-2026:1" edition="1" arch="noarch" status="$status" category="security" severity="important" pkgmanager="false" restart="false" interactive="false"><summary>Security update for bash-tool</summary><description>d</description><license/><source url="dir:/root/repo" alias="updates"/><issue-date time_t="1783504800" text="2026-07-08T10:00:00Z"/><issue-list><issue type="cve" id="CVE-2026-1"><title>CVE-2026-1</title><href>x</href></issue><issue type="cve" id="CVE-2026-2"><title>CVE-2026-2</title><href>x</href></issue></issue-list></update><update kind="patch" name="SUSE-RU-2026:2" edition="1" arch="noarch" status="needed" category="recommended" severity="moderate" pkgmanager="false" restart="false" interactive="false"><summary>Recommended update for fix-tool</summary><description>d</description><license/><source url="dir:/root/repo" alias="updates"/><issue-date time_t="1793527200" text="2026-11-01T10:00:00Z"/><issue-list/></update><update kind="patch" name="SUSE-SU-2026:9" edition="1" arch="noarch" status="not-needed" category="security" severity="low" pkgmanager="false" restart="false" interactive="false"><summary>of nothing here</summary><description>d</description><license/><source url="dir:/root/repo" alias="updates"/><issue-date time_t="1793527200" text="2026-11-01T10:00:00Z"/><issue-list/></update></update-list>
</update-status>
</stream>
END
	;;
*"info --type patch SUSE-RU-2026:2 SUSE-SU-2026:1")
	cat <<'END'


Information for patch SUSE-RU-2026:2:
-------------------------------------
Repository  : updates
Name        : SUSE-RU-2026:2
Version     : 1
Arch        : noarch
Vendor      : t
Status      : needed
Category    : recommended
Severity    : moderate
Created On  : Sun Nov  1 10:00:00 2026
Interactive : ---
Summary     : Recommended update for fix-tool
Description : 
    d : e

    Conflicts   : plain-tool < 1.1-1
Provides    : patch:SUSE-RU-2026:2 = 1
Conflicts   : [2]
    fix-tool < 1.2-3
    other-tool < 1.1-1


Information for patch SUSE-SU-2026:1:
-------------------------------------
Repository  : updates
Name        : SUSE-SU-2026:1
Version     : 1
Arch        : noarch
Vendor      : t
Status      : needed
Category    : security
Severity    : important
Created On  : Wed Jul  8 10:00:00 2026
Interactive : ---
Summary     : Security update for bash-tool
Description : 
    d
Provides    : patch:SUSE-SU-2026:1 = 1
Conflicts   : bash-tool < 2.0-1

END
	;;
*"install --no-recommends --auto-agree-with-licenses bash-tool=2.0-1")
	grep -q "^solvable_name: fix-tool$" "$(sed -n 's/^locksfile.path = //p' "$ZYPP_CONF")" || exit 4
	sed -i 's/0:1.0-1\t1795366168/0:2.0-1\t1795366200/' @/installed; exit 102 ;;
*) echo "zypper $*: not recorded" >&2; exit 1 ;;
esac
`

// newRPMRoot is a root of three packages whose rpm and package tool answer what
// the real ones were seen to answer.
func newRPMRoot(t *testing.T, tool, script string) *root {
	t.Helper()
	r := newRoot(t)
	r.programs = r.path("bin")
	r.must(os.MkdirAll(r.programs, 0o755))
	for _, folder := range []string{"/usr/bin", "/bin"} {
		all, err := os.ReadDir(folder)
		r.must(err)
		for _, one := range all {
			if !slices.Contains([]string{"apt-get", "dpkg-query", "dnf", "yum", "zypper", "rpm", "who", "wall"}, one.Name()) {
				_ = os.Symlink(filepath.Join(folder, one.Name()), r.path("bin/"+one.Name())) // the first of a name
			}
		}
	}
	r.write("installed", "plain-tool\tnoarch\t0:1.0-1\t1795366167\nfix-tool\tnoarch\t0:1.0-1\t1795366167\nbash-tool\tnoarch\t0:1.0-1\t1795366168\ngpg-pubkey\t(none)\t0:1-1\t1795366168\n")
	r.write("bin/"+tool, strings.ReplaceAll(script, "@/", r.dir+"/"))
	r.write("bin/rpm", "#!/bin/sh\ncat "+r.path("installed")+"\n")
	for _, name := range []string{tool, "rpm"} {
		r.must(os.Chmod(r.path("bin/"+name), 0o700))
	}
	return r
}

// TestRPMNodesArePatched: advisories, release dates and states of nodes with
// dnf and with zypper.
func TestRPMNodesArePatched(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		tool, script string
		want         []string
	}{
		{"dnf", dnf, []string{
			"bash-tool[TSA-2026:1] [CVE-2026-1 CVE-2026-2]Security Important 2026-07-08 10:00",
			"fix-tool[TBA-2026:2] []Bugfix  2026-11-01 10:00", "plain-tool[] []  2026-07-04 16:49",
		}},
		{"zypper", zypper, []string{
			"bash-tool[SUSE-SU-2026:1] [CVE-2026-1 CVE-2026-2]Security Important 2026-07-08 10:00",
			"fix-tool[SUSE-RU-2026:2] []Recommended Moderate 2026-11-01 10:00", "plain-tool[] []  never",
		}},
	} {
		t.Run(row.tool, func(t *testing.T) {
			t.Parallel()
			rpmNodeIsPatched(t, newRPMRoot(t, row.tool, row.script), row.want)
		})
	}
}

func rpmNodeIsPatched(t *testing.T, r *root, want []string) {
	p := newPatient(t, r)
	baseline := p.cli("create-patch-baseline", "--name", "tools", "--operating-system", "DEBIAN", "--approved-patches", "bash-tool", "--rejected-patches", "fix-tool",
		"--rejected-patches-action", "BLOCK", "--approved-patches-compliance-level", "HIGH", "--query", "BaselineId")
	p.cli("register-default-patch-baseline", "--baseline-id", baseline)
	p.patch("Scan", "NoReboot")
	if got := p.states(); got["bash-tool.noarch"] != "MISSING" || got["plain-tool.noarch"] != "INSTALLED_OTHER" {
		t.Errorf("got %v", got)
	}
	found, err := p.DescribeAvailablePatches(t.Context(), &ssm.DescribeAvailablePatchesInput{Filters: []types.PatchOrchestratorFilter{{Key: aws.String("PRODUCT"), Values: []string{"*"}}}})
	r.must(err)
	var got []string
	for _, one := range found.Patches {
		released := " never"
		if one.ReleaseDate != nil {
			released = one.ReleaseDate.UTC().Format(" 2006-01-02 15:04")
		}
		got = append(got, fmt.Sprint(*one.Name, one.AdvisoryIds, one.CVEIds, aws.ToString(one.Classification), " ", aws.ToString(one.Severity), released))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	p.patch("Install", "NoReboot")
	if got := p.states(); got["bash-tool.noarch"] != "INSTALLED_PENDING_REBOOT" || got["plain-tool.noarch"] != "INSTALLED_OTHER" {
		t.Errorf("got %v", got)
	}
	r.reboot()
	p.patch("Scan", "NoReboot")
	if got := p.states(); got["bash-tool.noarch"] != "INSTALLED" {
		t.Errorf("after a restart: got %v", got)
	}
}
