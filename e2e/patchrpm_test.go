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

// TestARpmNodeIsPatched: advisories, release dates and states of a node with
// dnf and rpm, which answer what the real ones were seen to answer.
func TestARpmNodeIsPatched(t *testing.T) {
	r := newRoot(t)
	r.programs = r.path("bin")
	r.must(os.MkdirAll(r.programs, 0o755))
	for _, folder := range []string{"/usr/bin", "/bin"} {
		all, err := os.ReadDir(folder)
		r.must(err)
		for _, one := range all {
			if !slices.Contains([]string{"apt-get", "dpkg-query", "dnf", "yum", "rpm", "who", "wall"}, one.Name()) {
				_ = os.Symlink(filepath.Join(folder, one.Name()), r.path("bin/"+one.Name())) // the first of a name
			}
		}
	}
	r.write("installed", "plain-tool\tnoarch\t0:1.0-1\t1795366167\nfix-tool\tnoarch\t0:1.0-1\t1795366167\nbash-tool\tnoarch\t0:1.0-1\t1795366168\ngpg-pubkey\t(none)\t0:1-1\t1795366168\n")
	r.write("bin/dnf", strings.ReplaceAll(dnf, "@/", r.dir+"/"))
	r.write("bin/rpm", "#!/bin/sh\ncat "+r.path("installed")+"\n")
	for _, name := range []string{"dnf", "rpm"} {
		r.must(os.Chmod(r.path("bin/"+name), 0o700))
	}
	p := newPatient(t, r)
	baseline := p.cli("create-patch-baseline", "--name", "tools", "--operating-system", "DEBIAN", "--approved-patches", "*-tool", "--approved-patches-compliance-level", "HIGH", "--query", "BaselineId")
	p.cli("register-default-patch-baseline", "--baseline-id", baseline)
	p.patch("Scan", "NoReboot")
	if got := p.states(); got["bash-tool.noarch"] != "MISSING" || got["fix-tool.noarch"] != "INSTALLED_OTHER" || got["plain-tool.noarch"] != "INSTALLED_OTHER" {
		t.Errorf("got %v", got)
	}
	found, err := p.DescribeAvailablePatches(t.Context(), &ssm.DescribeAvailablePatchesInput{Filters: []types.PatchOrchestratorFilter{{Key: aws.String("PRODUCT"), Values: []string{"*"}}}})
	r.must(err)
	var got []string
	for _, one := range found.Patches {
		got = append(got, fmt.Sprint(*one.Name, one.AdvisoryIds, one.CVEIds, aws.ToString(one.Classification), " ", aws.ToString(one.Severity), one.ReleaseDate.UTC().Format(" 2006-01-02 15:04")))
	}
	slices.Sort(got)
	want := []string{
		"bash-tool[TSA-2026:1] [CVE-2026-1 CVE-2026-2]Security Important 2026-07-08 10:00",
		"fix-tool[TBA-2026:2] []Bugfix  2026-11-01 10:00", "plain-tool[] []  2026-07-04 16:49",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	p.patch("Install", "NoReboot")
	if got := p.states(); got["bash-tool.noarch"] != "INSTALLED_PENDING_REBOOT" || got["fix-tool.noarch"] != "INSTALLED_OTHER" {
		t.Errorf("got %v", got)
	}
	r.reboot()
	p.patch("Scan", "NoReboot")
	if got := p.states(); got["bash-tool.noarch"] != "INSTALLED" {
		t.Errorf("after a restart: got %v", got)
	}
}
