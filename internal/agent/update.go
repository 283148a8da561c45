package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Version is the version of the agent in this program. A build may set another
// (-ldflags "-X tamachi/internal/agent.Version=1.2.3.4"): four numbers.
var Version = "1.0.0.0"

// release is what the plane says of the agent that it has: its own program.
type release struct {
	Version string
	Files   map[string]struct { // by linux-amd64, ...
		Sha256 string
		Size   int64
	}
}

// updateAgent is aws:updateSsmAgent. The plane serves its own program, which is
// the agent too; it is held against the digest that the plane tells, tried, put
// in the place of the running one by a rename, and started by whoever called
// Run. The step then runs again and waits until the new version is online; one
// that does not come online gives its place back.
func updateAgent(ctx context.Context, a *agent, t *task) outcome {
	latest, err := a.latest(ctx)
	if err != nil {
		return failedWith("failed to find the latest version of the agent: %v", err)
	}
	target := strings.TrimSpace(t.text("targetVersion"))
	if target == "" || strings.EqualFold(target, "latest") {
		target = latest.Version
	}
	older := compareVersions(target, a.cfg.Version) < 0
	switch {
	case target == a.cfg.Version:
		return a.updated(ctx)
	case target != latest.Version:
		return failedWith("tamachi-agent version %s is unsupported: the plane has %s", target, latest.Version)
	case older && !truth(t.text("allowDowngrade")):
		return failedWith("failed to downgrade tamachi-agent to %s from %s, allowDowngrade is not set", target, a.cfg.Version)
	case a.cfg.Program == "":
		return failedWith("this agent is part of another program, which only its owner replaces")
	}
	file := runtime.GOOS + "-" + runtime.GOARCH
	known, ok := latest.Files[file]
	if !ok {
		return failedWith("the plane has no agent for %s", file)
	}
	if err := a.replaceProgram(ctx, file, target, known.Sha256); err != nil {
		if context.Cause(ctx) != nil {
			return interrupted(context.Cause(ctx))
		}
		return failedWith("failed to update tamachi-agent to %s: %v", target, err)
	}
	return outcome{Status: statusInProgress, Again: restartAgent}
}

func (a *agent) releaseURL(file string) *url.URL {
	return &url.URL{Scheme: "https", Host: a.cfg.host("ssm"), Path: "/_tamachi/agent/" + file}
}

func (a *agent) latest(ctx context.Context) (release, error) {
	var r release
	body, err := a.fetch(ctx, a.releaseURL("release.json"), "", "")
	if err != nil {
		return r, err
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, 1<<20)).Decode(&r); err != nil || r.Version == "" {
		return r, errors.Join(errors.New("the answer is no release"), err)
	}
	return r, nil
}

// replaceProgram puts the plane's program in the place of this one, once it has
// shown that it comes online.
func (a *agent) replaceProgram(ctx context.Context, file, version, sum string) error {
	body, err := a.fetch(ctx, a.releaseURL(file), "", "")
	if err != nil {
		return err
	}
	defer body.Close()
	next, err := os.CreateTemp(filepath.Dir(a.cfg.Program), ".tamachi-*")
	if err != nil {
		return err
	}
	defer os.Remove(next.Name()) // no longer there after the rename
	digest := sha256.New()
	_, err = io.Copy(io.MultiWriter(next, digest), io.LimitReader(body, mostDownload))
	if err == nil {
		err = next.Chmod(0o755)
	}
	if err == nil {
		err = next.Sync()
	}
	if closed := next.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != strings.ToLower(sum) {
		return fmt.Errorf("the sha256 of the new program is %s, not %s", got, sum)
	}
	if err := a.try(ctx, next.Name(), version); err != nil {
		return err
	}
	if err := a.beginProbation(version); err != nil {
		return err
	}
	if err := os.Rename(next.Name(), a.cfg.Program); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(a.cfg.Program))
}

// try runs a new program before it is taken.
func (a *agent) try(ctx context.Context, program, want string) error {
	if a.cfg.Try == nil {
		return nil
	}
	got, err := a.cfg.Try(ctx, program)
	if err == nil && got != want {
		err = fmt.Errorf("it says that it is %s", got)
	}
	if err != nil {
		return fmt.Errorf("it did not come online, and %s goes on: %w", a.cfg.Version, err)
	}
	return nil
}

// compareVersions compares numbers between dots; what is no number counts as
// zero.
func compareVersions(a, b string) int {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(left), len(right)) {
		if d := numberAt(left, i) - numberAt(right, i); d != 0 {
			return d
		}
	}
	return 0
}

func numberAt(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return 0
	}
	return n
}
